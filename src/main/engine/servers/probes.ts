import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Remote } from '#engine/docker/remote.ts'

export type ShellFacts = { shell: string; system: string; home: string; noiseBytes: number }

// SHLVL=0: bash then takes itself for a shell that sshd has started and reads the same start files again
const askShell = `printf '%s\\n%s\\n' "\${SHELL:-/bin/sh}" "$HOME"
uname -sr
env SHLVL=0 "\${SHELL:-/bin/sh}" -c : 2>&1 </dev/null | wc -c`

const path = z.string().startsWith('/').max(4096)

/** Login shell, system, home, and how many bytes the shell's start files print for every command. */
export async function askForShell(remote: Remote): Promise<ShellFacts> {
  const answer = await remote(['/bin/sh', '-c', askShell])
  const [shell, home, system, noise] = answer.stdout.split('\n')
  const parsed = z
    .object({ shell: path, home: path, system: z.string().max(300), noiseBytes: z.coerce.number().int().min(0) })
    .safeParse({ shell, home, system, noiseBytes: noise?.trim() })
  if (parsed.success) return parsed.data
  throw new LifeboatFailure('remote-command', 'The login shell does not run a simple command as it should.', {
    detail: `${answer.stdout}${answer.stderr}`.slice(0, 2000),
  })
}

export type ServerClock = { readonly epoch: number; readonly zone: string }

/** The server's clock in whole seconds since 1970, and its zone as `+0800`. */
export async function askForClock(remote: Remote): Promise<ServerClock> {
  const answer = await remote(['date', '+%s %z'])
  const found = /^(\d{9,11}) ([+-]\d{4})$/.exec(answer.stdout.trim())
  if (found?.[1] && found[2]) return { epoch: Number(found[1]), zone: found[2] }
  throw new LifeboatFailure('remote-command', 'The server does not tell its time.', {
    detail: answer.stderr.slice(0, 500),
  })
}

/** Bytes free for this user below a folder of the server. Null when df does not say. */
export async function freeOnServer(remote: Remote, folder: string): Promise<number | null> {
  const answer = await remote(['df', '-P', '-k', '--', folder])
  return answer.code === 0 ? parseDf(answer.stdout) : null
}

/** Reads the last line of `df -Pk`: blocks of 1024 bytes, used, free, per cent, mount point. */
export function parseDf(text: string): number | null {
  const line = text.trim().split('\n').at(-1) ?? ''
  const free = /\s\d+\s+\d+\s+(\d+)\s+\d+%\s+\//.exec(line)?.[1]
  return free === undefined ? null : Number(free) * 1024
}
