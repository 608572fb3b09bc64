import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { isAbort, LifeboatFailure } from '#shared/failure.ts'
import { widenWindow } from './channel-window.ts'
import { newMarker, remoteCommand, shellLine, type RemoteCommand } from './command.ts'
import type { PresentedHostKey } from './host-key.ts'
import { openChannel, type Opening } from './opening.ts'
import { remoteStream, type RemoteStream } from './remote-stream.ts'
import { collect, type RunResult } from './run.ts'
import { sftpOver, type Sftp } from './sftp.ts'
import { commandPipe, startSftp, subsystemPipe, type SftpPipe } from './sftp-session.ts'
import { sftpAsRoot, sudoRefused } from './sudo.ts'
import { watchSilence } from './silence.ts'
import { connectionFailure, lost } from './ssh-failure.ts'
import type { SshTarget, Timeouts } from './target.ts'
import { turnstile } from './turnstile.ts'

export type ConnectionFacts = {
  /** how the server's SSH introduces itself: `OpenSSH_9.2p1` */
  readonly server: string
  readonly hostKey: PresentedHostKey
  readonly cipher: string
  readonly kex: string
}

type Command = readonly string[] | RemoteCommand

export type RunOptions = {
  readonly signal: AbortSignal
  /** written to the command's stdin, which is then closed: the way for secrets */
  readonly input?: string | Uint8Array
  /** more output than this is a failure; 4 MiB unless told */
  readonly maxBytes?: number
  /** the whole run, 60 s unless told */
  readonly timeoutMs?: number
}

export type StreamOptions = {
  readonly signal: AbortSignal
  /** written to the command's stdin, which is then closed */
  readonly input?: string | Uint8Array
  /** stdin stays open, for the caller to write to and to end */
  readonly openStdin?: boolean
  /** silence that ends a bulk stream while it is being read; Infinity for a session that waits */
  readonly stallMs?: number
  /** tail of stderr that is kept, 64 KiB unless told */
  readonly maxStderr?: number
}

export type Connection = {
  readonly target: SshTarget
  readonly facts: ConnectionFacts
  /** Runs a command with small output. Any exit code is a result; the caller judges it. */
  run(command: Command, options: RunOptions): Promise<RunResult>
  /** Starts a command and gives its output as it comes. */
  stream(command: Command, options: StreamOptions): Promise<RemoteStream>
  sftp(signal: AbortSignal): Promise<Sftp>
  /** SFTP as root, by `sudo -n`. Fails with `sudo-refused`. */
  rootSftp(signal: AbortSignal): Promise<Sftp>
  /** A TCP connection made by the server: the way through a jump host. */
  forward(host: string, port: number, signal: AbortSignal): Promise<Duplex>
  /** Says goodbye and closes; never fails, never hangs. */
  end(): Promise<void>
  /** Resolves once the connection is gone: undefined when we ended it, else why. */
  readonly closed: Promise<LifeboatFailure | undefined>
}

type Parts = {
  readonly client: Client
  readonly line: Duplex
  readonly target: SshTarget
  readonly timeouts: Timeouts
  readonly facts: ConnectionFacts
}

/** sshd allows ten sessions on a connection unless told; the rest is left to streams and SFTP. */
const runsAtOnce = 5

const close = (channel: ClientChannel) => channel.close()

/** A logged-in ssh2 client as a connection. From here on every end of it, however it comes, ends all that runs on it. */
export function connectionOver({ client, line, target, timeouts, facts }: Parts): Connection {
  const gone = new AbortController()
  const closed = Promise.withResolvers<LifeboatFailure | undefined>()
  const oneOfFew = turnstile(runsAtOnce)
  let ending = false

  function finish(error: unknown): void {
    if (gone.signal.aborted) return
    const failure = connectionFailure(error, target, true)
    watch.stop()
    // before ssh2 ends its channels, or a broken one would look finished
    gone.abort(failure)
    client.destroy()
    line.destroy()
    closed.resolve(ending ? undefined : failure)
  }
  const watch = watchSilence(timeouts.dead, () => finish(noSign(target, timeouts)))
  line.on('data', () => watch.touch())
  client.removeAllListeners('close').removeAllListeners('error')
  client.on('error', finish)
  client.on('close', () => finish(lost(target)))

  const open = <T>(signal: AbortSignal, start: Opening<T>['start'], discard: Opening<T>['discard']) =>
    openChannel({ target, signal, connectionEnd: gone.signal, limit: timeouts.stall, start, discard })

  function together(work: () => void): void {
    line.cork()
    try {
      work()
    } finally {
      line.uncork()
    }
  }

  const sftpOn = (pipe: SftpPipe, signal: AbortSignal): Sftp =>
    sftpOver(startSftp(pipe), {
      target,
      server: facts.server,
      stall: timeouts.stall,
      signal,
      connectionEnd: gone.signal,
      together,
    })

  async function stream(command: Command, options: StreamOptions): Promise<RemoteStream> {
    const ready = 'script' in command ? command : remoteCommand(command)
    const marker = newMarker()
    const line = shellLine(ready, marker)
    const channel = await open<ClientChannel>(options.signal, (done) => client.exec(line, done), close)
    const running = remoteStream(channel, {
      target,
      program: ready.program,
      marker,
      stall: options.stallMs ?? timeouts.stall,
      maxStderr: options.maxStderr ?? 64 * 1024,
      signal: options.signal,
      connectionEnd: gone.signal,
    })
    if (!options.openStdin) channel.end(options.input)
    return running
  }

  return {
    target,
    facts,
    stream,
    run: (command, options) => oneOfFew(() => collect(target, command, options, stream)),
    sftp: async (signal) => {
      const channel = await open<ClientChannel>(signal, (done) => client.subsys('sftp', done), close)
      return sftpOn(subsystemPipe(channel), signal)
    },
    rootSftp: async (signal) => {
      const running = await stream(sftpAsRoot(), { signal, openStdin: true, stallMs: Infinity })
      const sftp = sftpOn(commandPipe(running), signal)
      const ended = running.done.then((exit) => {
        throw sudoRefused(target, exit)
      })
      ended.catch(() => {})
      try {
        // the first answer tells whether anybody speaks SFTP there at all
        await Promise.race([sftp.realPath('/'), ended])
        return sftp
      } catch (error) {
        sftp.end()
        throw error
      }
    },
    forward: async (host, port, signal) => {
      try {
        const start: Opening<ClientChannel>['start'] = (done) => client.forwardOut('127.0.0.1', 0, host, port, done)
        const channel = await open(signal, start, close)
        const window = widenWindow(channel)
        // held until the next handshake listens as well
        channel.pause()
        channel.on('data', (chunk: Buffer) => window.took(chunk.length))
        return channel
      } catch (error) {
        if (isAbort(error) || gone.signal.aborted) throw error
        throw new LifeboatFailure('unreachable', `${target.label} could not reach ${host}:${port}.`, { cause: error })
      }
    },
    end: async () => {
      ending = true
      client.end()
      const giveUp = setTimeout(() => finish(undefined), 2000)
      await closed.promise
      clearTimeout(giveUp)
    },
    closed: closed.promise,
  }
}

function noSign(target: SshTarget, { dead }: Timeouts): LifeboatFailure {
  const seconds = Math.round(dead / 1000)
  return new LifeboatFailure(
    'connection-lost',
    `${target.label} has given no sign of life for ${seconds} s: the connection is dead.`,
  )
}
