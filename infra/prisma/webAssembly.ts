type Exports = Readonly<Record<string, () => void>>

// Part of every Node.js, but declared by TypeScript only together with everything a browser has.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: Readonly<Record<string, object>>): Promise<{ instance: { exports: Exports } }>
}

/** Instantiates a WebAssembly module with what it imports. */
export async function instantiate(bytes: Uint8Array, imports: Readonly<Record<string, object>>): Promise<Exports> {
  return (await WebAssembly.instantiate(bytes, imports)).instance.exports
}
