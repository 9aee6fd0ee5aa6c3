// Health check of a container: exit code 0 while the process on this port answers that it is ready.
const [port] = process.argv.slice(2)
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) })
process.exit(answer.ok ? 0 : 1)
