// Node 24, which comes as a package: the machine's own Node only has to start the scripts.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot, run, runNpm, say, SetupProblem } from './project.mjs'

const folder = join(projectRoot, 'node_modules', 'node')

/** The path of the toolchain's Node; the file may not be there before set-up. */
export function toolchainNode() {
  return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** Sees that Node 24 runs; installs it where npm was not allowed to run the package's own script. */
export function ensureToolchainNode() {
  if (major() >= 24) return
  say('Setting up Node 24 …')
  run(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, quiet: true })
  // npm links no program that is not there yet when it installs a package.
  runNpm(['rebuild', 'node', '--ignore-scripts', '--loglevel=error'], { quiet: true })
  if (major() >= 24) return
  throw new SetupProblem(
    `Node 24 could not be set up in ${folder}. Lifeboat's tools need it; run "npm ci" again, or see whether the npm registry can be reached.`,
  )
}

/**
 * The environment in which Node keeps what it makes of the sources, and does not make it again at every start.
 * @param {NodeJS.ProcessEnv} env
 */
export function compilingOnce(env) {
  return { NODE_COMPILE_CACHE: join(projectRoot, 'node_modules', '.cache', 'lifeboat'), ...env }
}

/** The environment in which the toolchain's programs are found first. */
export function toolchainEnv() {
  const separator = process.platform === 'win32' ? ';' : ':'
  const folders = [dirname(toolchainNode()), join(projectRoot, 'node_modules', '.bin'), process.env['PATH'] ?? '']
  return { ...process.env, PATH: folders.join(separator) }
}

function major() {
  if (!existsSync(toolchainNode())) return 0
  const said = spawnSync(toolchainNode(), ['--version'], { encoding: 'utf8' })
  return Number(/^v(\d+)\./.exec(said.stdout ?? '')?.[1] ?? 0)
}
