import { execFile } from 'node:child_process'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { hostNames, readConfigLines, valuesFor } from './ssh-config-file.ts'
import type { SshTarget } from './target.ts'

/** A host as ssh would reach it. */
export type SshHost = {
  readonly alias: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** ProxyJump as it stands: `user@host:port`, several with commas */
  readonly jump: string | null
}
export type ResolvedHost = SshHost & {
  readonly identityFiles: readonly string[]
  readonly identitiesOnly: boolean
  readonly hostKeyAlias: string | null
  readonly proxyCommand: string | null
}

type Options = { readonly signal?: AbortSignal; readonly file?: string }
type Values = (keyword: string) => readonly string[]

const ownConfig = join(homedir(), '.ssh', 'config')

/** The hosts that ~/.ssh/config names, each as ssh would reach it; as read here where ssh refuses the file. */
export async function listSshHosts(options: Options = {}): Promise<SshHost[]> {
  const names = hostNames(await readConfigLines(options.file ?? ownConfig))
  const hosts: SshHost[] = []
  let values: (alias: string) => Promise<Values> = (alias) => asSshHasIt(alias, options)
  for (const name of names) {
    const found = await values(name).catch(() => {
      values = (alias) => readConfig(alias, options)
      return values(name)
    })
    const { alias, host, port, user, jump } = hostOf(name, found)
    hosts.push({ alias, host, port, user, jump })
  }
  return hosts
}

/** Options for a name, by `ssh -G` where ssh exists, else read here (HostName, Port, User, IdentityFile, ProxyJump…). */
export async function resolveHost(alias: string, options: Options = {}): Promise<ResolvedHost> {
  // ssh has no `--` before a host that begins with a dash: such a name would be an option
  if (!/^[^-\s][^\s]*$/.test(alias))
    throw new LifeboatFailure('invalid-input', `${JSON.stringify(alias)} is not the name of a host.`)
  return hostOf(alias, await asSshHasIt(alias, options))
}

async function asSshHasIt(alias: string, options: Options): Promise<Values> {
  return (await askSsh(alias, options)) ?? readConfig(alias, options)
}

function hostOf(alias: string, values: Values): ResolvedHost {
  const first = (keyword: string) => values(keyword)[0]
  const given = (keyword: string) => (first(keyword) === 'none' ? null : (first(keyword) ?? null))
  return {
    alias,
    host: (first('hostname') ?? alias).replaceAll('%h', alias),
    port: Number(first('port') ?? 22),
    user: first('user') ?? userInfo().username,
    jump: given('proxyjump'),
    identityFiles: values('identityfile').filter((file) => file !== 'none'),
    identitiesOnly: first('identitiesonly') === 'yes',
    hostKeyAlias: given('hostkeyalias'),
    proxyCommand: given('proxycommand'),
  }
}

/**
 * Fills in what `configHost` stands for: identity files, HostKeyAlias, jump hosts; host and port where the target's host is
 * the alias itself; the user where it is empty. A target without configHost only gets its user.
 */
export async function withConfig(target: SshTarget, signal: AbortSignal, file?: string): Promise<SshTarget> {
  const jump = target.jump && (await withConfig(target.jump, signal, file))
  const user = target.user || userInfo().username
  if (target.configHost === undefined) return { ...target, user, ...(jump && { jump }) }
  const options = { signal, ...(file === undefined ? {} : { file }) }
  const resolved = await resolveHost(target.configHost, options)
  const byAlias = target.host === target.configHost
  const hops = jump ?? (await jumpChain(resolved, options, [target.configHost]))
  return {
    ...target,
    host: byAlias ? resolved.host : target.host,
    port: byAlias && target.port === 22 ? resolved.port : target.port,
    user: target.user || resolved.user,
    ...fromConfig(target, resolved),
    ...(hops && { jump: hops }),
  }
}

function fromConfig(target: SshTarget, resolved: ResolvedHost): Partial<SshTarget> {
  const alias = target.hostKeyAlias ?? resolved.hostKeyAlias
  return {
    identityFiles: target.identityFiles ?? resolved.identityFiles,
    identitiesOnly: target.identitiesOnly ?? resolved.identitiesOnly,
    ...(alias ? { hostKeyAlias: alias } : {}),
  }
}

/** `a,b` means through a, then b. The first hop's own ProxyJump holds too; the later ones are reached through the one before. */
async function jumpChain(
  from: ResolvedHost,
  options: Options,
  seen: readonly string[],
): Promise<SshTarget | undefined> {
  if (from.jump === null) {
    if (from.proxyCommand === null) return undefined
    throw new LifeboatFailure(
      'invalid-input',
      `${from.alias} is reached by a ProxyCommand, which Lifeboat can not use. ProxyJump works.`,
    )
  }
  let chain: SshTarget | undefined
  for (const [index, word] of from.jump.split(',').entries()) {
    const hop = parseJump(word)
    if (seen.includes(hop.host))
      throw new LifeboatFailure('invalid-input', `The jump hosts of ${seen[0]} lead back to ${hop.host}.`)
    const resolved = await resolveHost(hop.host, options)
    const before = index === 0 ? await jumpChain(resolved, options, [...seen, hop.host]) : chain
    chain = {
      label: hop.host,
      host: resolved.host,
      port: hop.port ?? resolved.port,
      user: hop.user ?? resolved.user,
      auth: { kind: 'auto' },
      identityFiles: resolved.identityFiles,
      identitiesOnly: resolved.identitiesOnly,
      ...(resolved.hostKeyAlias ? { hostKeyAlias: resolved.hostKeyAlias } : {}),
      ...(before && { jump: before }),
    }
  }
  return chain
}

/** `[user@]host[:port]`, or the same as `ssh://…`; IPv6 addresses stand in brackets. */
function parseJump(word: string): { user?: string; host: string; port?: number } {
  const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@]+))(?::(\d+))?\/?$/.exec(word.trim())
  const host = match?.[2] ?? match?.[3]
  if (!match || !host) throw new LifeboatFailure('invalid-input', `${JSON.stringify(word)} is not a jump host.`)
  return { host, ...(match[1] ? { user: match[1] } : {}), ...(match[4] ? { port: Number(match[4]) } : {}) }
}

/** null where there is no ssh. A configuration that ssh refuses is the person's to mend. */
async function askSsh(alias: string, { signal, file }: Options): Promise<Values | null> {
  const argv = [...(file === undefined ? [] : ['-F', file]), '-G', alias]
  const output = await new Promise<string | null>((resolve, reject) => {
    execFile(
      'ssh',
      argv,
      { timeout: 10_000, maxBuffer: 1024 * 1024, ...(signal && { signal }) },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        if (error.code === 'ENOENT') return resolve(null)
        reject(
          signal?.aborted
            ? error
            : new LifeboatFailure('invalid-input', 'ssh can not make sense of ~/.ssh/config.', { detail: stderr }),
        )
      },
    )
  })
  if (output === null) return null
  const lines = output.split('\n').map((line) => /^(\S+) (.*)$/.exec(line.trimEnd()))
  return (keyword) => lines.flatMap((line) => (line?.[1] === keyword && line[2] ? [line[2]] : []))
}

async function readConfig(alias: string, { file }: Options): Promise<Values> {
  const lines = await readConfigLines(file ?? ownConfig)
  return (keyword) => valuesFor(lines, alias, keyword)
}
