/**
 * Waits until a person or the system asks this process to stop (Ctrl-C, SIGTERM, or a closed terminal).
 *
 * @returns the signal that came
 */
export function untilStopped(): Promise<NodeJS.Signals> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal))
  })
}
