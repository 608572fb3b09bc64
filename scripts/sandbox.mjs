// Chromium's sandbox on Linux: made of user namespaces, or of a helper program that belongs to root.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupProblem } from './project.mjs'
import { inPath } from './system-libraries.mjs'

/**
 * Some distributions keep ordinary users from namespaces; then the helper must belong to root. Running without a
 * sandbox is not offered.
 * @param {string} executable the Electron that has to start
 */
export function refuseWithoutSandbox(executable) {
  if (process.platform !== 'linux' || process.getuid?.() === 0 || namespacesAllowed()) return
  const helper = join(dirname(executable), 'chrome-sandbox')
  if (!existsSync(helper)) return
  const { uid, mode } = statSync(helper)
  if (uid === 0 && (mode & 0o4000) !== 0) return
  throw new SetupProblem(
    `this system needs Chromium's sandbox helper to belong to root. Run\n\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n\nand start again.`,
  )
}

function namespacesAllowed() {
  if (says('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1')) return false
  if (says('/proc/sys/kernel/unprivileged_userns_clone', '0')) return false
  // Containers and chroots refuse them with no such word anywhere: try.
  return !inPath('unshare') || spawnSync('unshare', ['--user', 'true']).status === 0
}

/**
 * @param {string} path
 * @param {string} value
 */
function says(path, value) {
  return existsSync(path) && readFileSync(path, 'utf8').trim() === value
}
