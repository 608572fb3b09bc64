import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const owner = z.object({ pid: z.number() })

/** What stands of sandboxes on this computer, found without asking Lifeboat: containers, and folders of servers. */
function standing(): { name: string; pid: number | null }[] {
  const label = 'app.lifeboat.sandbox'
  const format = '{{.Names}}\t{{.Label "app.lifeboat.owner"}}'
  const listed = execFileSync('docker', ['ps', '-a', '--filter', `label=${label}`, '--format', format], {
    encoding: 'utf8',
  })
  const containers = listed.split('\n').flatMap((line) => {
    const [name, text = ''] = line.split('\t')
    return name ? [{ name, pid: pidIn(text) }] : []
  })
  const folders = ['/var/tmp', tmpdir()].flatMap((base) =>
    readdirSync(base)
      .filter((name) => name.startsWith('lifeboat-sandbox-'))
      .map((name) => ({ name: join(base, name), pid: pidIn(textOf(join(base, name, 'owner.json'))) })),
  )
  return [...containers, ...folders]
}

/** Those that belong to a process: this one, unless another is named. */
export function ownSandboxes(of = process.pid): string[] {
  return standing().flatMap(({ name, pid }) => (pid === of ? [name] : []))
}

/** Those whose process is gone: nobody will remove them but the next sweep. */
export function orphanedSandboxes(): string[] {
  return standing().flatMap(({ name, pid }) => (pid !== null && !isAlive(pid) ? [name] : []))
}

function pidIn(text: string): number | null {
  try {
    return owner.parse(JSON.parse(text)).pid
  } catch {
    return null
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // removed a moment ago
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
