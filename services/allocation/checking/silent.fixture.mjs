// A second implementation for tests that never answers.
setInterval(() => undefined, 60_000)
