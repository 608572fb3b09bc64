import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Absolute path of a program of this computer, found as a shell would; null when it is not installed. */
export async function findProgram(name: string): Promise<string | null> {
  const endings = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE').split(';') : ['']
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    if (dir === '') continue
    for (const ending of endings) {
      const path = join(dir, `${name}${ending}`)
      if (await isProgram(path)) return path
    }
  }
  return null
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
