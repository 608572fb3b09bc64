import { roleNames, type SandboxRun } from '../sandbox.ts'
import { codeOf, tailOf, type DockerCli } from './cli.ts'
import { inside } from './first-process.ts'

/** Where the loader's password lies for the programs inside; made once, before any dump is there. */
const passwordFile = `${inside.run}/loader.pgpass`

/** Puts the loader's password where the programs beside the server find it, by standard input. */
export async function allowPrograms(cli: DockerCli, container: string, password: string): Promise<void> {
  const child = cli.start(['exec', '-i', container, 'sh', '-c', `umask 077; cat >${passwordFile}`])
  child.stdin.on('error', () => {})
  child.stdin.end(`*:*:*:*:${password}\n`)
  child.stdout.resume()
  const said = tailOf(child.stderr)
  const code = await codeOf(child)
  if (code !== 0) throw new Error(`the password file could not be written: ${said()}`)
}

/** Runs programs in the container, as the server's own user: what they do there can't leave it either. */
export function runInside(cli: DockerCli, container: string, password: string): SandboxRun {
  let allowed: Promise<void> | null = null
  return (argv, { input, signal }) => {
    const environment = [`PGHOST=${inside.run}`, `PGUSER=${roleNames.loader}`, `PGPASSFILE=${passwordFile}`]
    const started = (async () => {
      await (allowed ??= allowPrograms(cli, container, password))
      signal.throwIfAborted()
      return cli.start(['exec', '-i', ...environment.flatMap((one) => ['-e', one]), container, ...argv])
    })()
    const done = (async () => {
      const child = await started
      const said = tailOf(child.stderr)
      const ended = codeOf(child)
      const kill = (): void => void child.kill('SIGKILL')
      signal.addEventListener('abort', kill, { once: true })
      if (signal.aborted) kill()
      try {
        await feed(child.stdin, input)
        const code = await ended
        signal.throwIfAborted()
        return { code, stderr: said() }
      } finally {
        signal.removeEventListener('abort', kill)
      }
    })()
    done.catch(() => {})
    return { stdout: outputOf(started), done }
  }
}

async function* outputOf(started: Promise<{ stdout: AsyncIterable<Uint8Array> }>): AsyncGenerator<Uint8Array> {
  yield* (await started).stdout
}

async function feed(stdin: NodeJS.WritableStream, input: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  // a program that ends early says so by its exit code, not by the pipe that breaks
  let broken = false
  const closed = new Promise<void>((resolve) => {
    const end = (): void => {
      broken = true
      resolve()
    }
    stdin.once('error', end)
    stdin.once('close', end)
  })
  for await (const bytes of input ?? []) {
    if (broken) break
    if (!stdin.write(bytes))
      await Promise.race([closed, new Promise<void>((resolve) => stdin.once('drain', () => resolve()))])
  }
  stdin.end()
}
