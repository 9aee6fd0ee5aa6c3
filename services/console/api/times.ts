/** The console owns no window, so its requests may take longer than submissions: a page that asks other processes too. */
export const PAGE_TIMEOUT_MS = 6_000
/** A command that a workflow carries out with other services. */
export const COMMAND_TIMEOUT_MS = 20_000
