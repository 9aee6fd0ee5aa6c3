import type { Platform } from '../../cli/platform/start.js'

/** What may happen to the platform's processes and servers, by name. */
export interface Faults {
  /** It ends without warning. */
  down(name: string): Promise<void>
  /** It is started again. */
  up(name: string): Promise<void>
}

/** Faults by `kill -9`. */
export const killing = ({ stack }: Platform): Faults => ({
  down: (name) => stack.server(name).kill('SIGKILL'),
  up: (name) => stack.server(name).restart(),
})

/** The same season without any fault. */
export const sparing: Faults = { down: async () => undefined, up: async () => undefined }
