/** Packages as a lock file lists them, by path. */
export type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>

export function checkNode(version?: string): void
export function ensureDependencies(home: string): Promise<void>
export function findMissing(wanted: Packages, installed: Packages | undefined): string | undefined
