import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { findOnPath, runCommand } from './command.js'
import { hashFile } from './manifest.js'

const OLDEST_JAVA = 17
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** A Java to run programs with. */
export interface Java {
  /** Its path. */
  readonly program: string
  /** What tells it from other versions and makes. */
  readonly build: string
}

/**
 * Finds Java: `JAVA_HOME`, else PATH.
 *
 * @throws Error when there is none, or it is older than 17
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env['JAVA_HOME']
  const java = home && existsSync(join(home, 'bin', 'java')) ? join(home, 'bin', 'java') : findOnPath('java', env)
  if (java === undefined) throw new Error(`Kafka needs a JDK ${OLDEST_JAVA} or newer: install one, or set JAVA_HOME`)
  const properties = await runCommand('sh', ['-c', '"$0" -XshowSettings:properties -version 2>&1', java])
  const version = Number(/java\.specification\.version = (?:1\.)?(\d+)/.exec(properties)?.[1])
  if (version < OLDEST_JAVA) throw new Error(`${java} is Java ${version}; Kafka needs ${OLDEST_JAVA} or newer`)
  return { program: java, build: (properties.match(/java\.vm\.(?:name|vendor|version) = .*/g) ?? []).join('\n') }
}

/**
 * Copies the jars of a pom into `folder/lib` with Maven and compares each with the committed list.
 *
 * @param home - folder with `pom.xml` and `jars.sha256`
 * @throws Error when Maven is missing, or a jar is not the one we know
 */
export async function copyJars(home: string, folder: string): Promise<void> {
  const maven = findOnPath('mvn')
  if (maven === undefined) throw new Error('Maven (mvn) is not on PATH')
  const lib = join(folder, 'lib')
  await runCommand(maven, ['-q', '-B', '-C', COPY_DEPENDENCIES, '-DincludeScope=runtime', `-DoutputDirectory=${lib}`], { cwd: home })
  await compareJars(lib, join(home, 'jars.sha256'))
}

async function compareJars(lib: string, list: string): Promise<void> {
  const known = new Map((await readFile(list, 'utf8')).trim().split('\n').map((line) => line.split(/ +/).reverse() as [string, string]))
  const jars = await readdir(lib)
  const missing = [...known.keys()].filter((jar) => !jars.includes(jar))
  if (missing.length > 0) throw new Error(`${lib} lacks ${missing.join(', ')}`)
  for (const jar of jars) {
    const actual = await hashFile(join(lib, jar))
    if (actual !== known.get(jar)) throw new Error(`${jar} has SHA-256 ${actual}, ${list} says ${known.get(jar) ?? 'nothing'}`)
  }
}
