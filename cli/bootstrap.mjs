import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const OLDEST_NODE = [20, 19]

/** Ends the process with a clear message when Node.js is too old. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  process.stderr.write(`Ruxue needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${version}. See https://nodejs.org\n`)
  process.exit(1)
}

/**
 * Installs the dependencies with `npm ci` when they are not those of package-lock.json.
 *
 * @param {string} home the project's folder
 */
export async function ensureDependencies(home) {
  const missing = findMissing(readPackages(join(home, 'package-lock.json')), readPackages(join(home, 'node_modules', '.package-lock.json')))
  if (missing === undefined) return
  process.stderr.write(`[npm] installing dependencies: ${missing} (usually 20–90 s)\n`)
  const startedAt = Date.now()
  await installAll(home)
  process.stderr.write(`[npm] done after ${Math.round((Date.now() - startedAt) / 1000)} s\n`)
}

/**
 * Compares what is installed with what should be.
 *
 * @returns {string | undefined} the first difference in words, or undefined when there is none
 */
export function findMissing(wanted, installed) {
  if (installed === undefined) return 'none is installed yet'
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '' || installed[path]?.version === version) continue
    // Optional packages are those of other systems as well.
    if (optional && installed[path] === undefined) continue
    return `${path.replace(/^.*node_modules\//, '')} is to be ${version}`
  }
  return undefined
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

// Under `npm start` npm tells where it is itself; that also works where `npm` is not on PATH.
function installAll(home) {
  const npm = process.env.npm_execpath
  const [program, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  // Installed silently: npm's own output would bury ours, and an error is still told.
  const child = spawn(program, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home, stdio: ['ignore', 2, 2] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`npm ci ended with ${code}`))))
  })
}
