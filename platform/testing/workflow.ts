import { sleep } from '@temporalio/workflow'

/** The least workflow there is. */
export async function greet(name: string): Promise<string> {
  await sleep('10 ms')
  return `hello ${name}`
}
