/**
 * A child's fixed share of the spread, so that a boundary of many children does not wake all of them at once:
 * FNV-1a of the workflow id.
 * @param largestMs upper bound, exclusive; 0 for no spread
 * @returns ms, the same for the same id
 */
export function spreadOf(workflowId: string, largestMs: number): number {
  if (largestMs <= 0) return 0
  let hash = 0x811c9dc5
  for (let at = 0; at < workflowId.length; at += 1) {
    hash = Math.imul(hash ^ workflowId.charCodeAt(at), 0x01000193) >>> 0
  }
  return hash % Math.floor(largestMs)
}
