import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bash, run, say } from './run.ts'
import { cacheDir, mirror } from './where.ts'

/** A Debian package and a file by which one sees that it is there (asking dpkg would cost more than the whole second run). */
const needed: Record<string, string> = {
  'docker.io': '/usr/sbin/dockerd',
  iptables: '/usr/sbin/iptables',
  'openssh-server': '/usr/sbin/sshd',
  'openssh-client': '/usr/bin/ssh-keygen',
  debootstrap: '/usr/sbin/debootstrap',
  gpg: '/usr/bin/gpg',
  strace: '/usr/bin/strace',
  cron: '/usr/sbin/cron',
  faketime: '/usr/bin/faketime',
  zstd: '/usr/bin/zstd',
  sudo: '/usr/bin/sudo',
  'xz-utils': '/usr/bin/xz',
  // login shells that accounts on servers may have
  zsh: '/usr/bin/zsh',
  ksh: '/usr/bin/ksh',
  csh: '/bin/bsd-csh',
  tcsh: '/usr/bin/tcsh',
  fish: '/usr/bin/fish',
  'busybox-static': '/bin/busybox',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
  'postgresql-client-15': '/usr/lib/postgresql/15/bin/pg_dump',
}

/** Why this machine can't carry the rig, or null when it can. */
export function machineLacks(): string | null {
  if (!existsSync('/etc/os-release') || !/^VERSION_CODENAME=bookworm$/m.test(readFileSync('/etc/os-release', 'utf8'))) {
    return 'the rig needs Debian 12'
  }
  if (process.getuid?.() !== 0) return 'the rig needs root: it starts dockerd and sshd and adds users'
  const names = Object.keys(needed).filter((name) => !existsSync(needed[name] ?? ''))
  if (names.length > 0 && !existsSync('/usr/bin/apt-get')) return `apt-get is missing, needed for: ${names.join(' ')}`
  return null
}

/** Installs what is missing. Does nothing, and asks no mirror, when all is there. */
export async function installPackages(): Promise<void> {
  const missing = Object.keys(needed).filter((name) => !existsSync(needed[name] ?? ''))
  if (missing.length === 0) return
  say(`installing ${missing.join(' ')}`)
  const wait = ['-o', 'DPkg::Lock::Timeout=600']
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await updateLists(env)
  // No recommended packages: they'd bring a mail server with cron and a second Docker client.
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...wait, ...missing], { env })
}

/** `apt-get update` does not wait for a lock by itself: another one may be running. Lists that are there may do. */
async function updateLists(env: Record<string, string>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const result = await run('apt-get', ['-q', 'update'], { env, accept: [100] })
    if (result.code === 0 || !result.stderr.includes('Could not get lock')) return
    await delay(5000)
  }
}

/** Compose v2 is in Debian from trixie on, as one static binary: its package is fetched (signed, by apt) and unpacked. */
export async function installCompose(): Promise<void> {
  const plugin = '/usr/libexec/docker/cli-plugins/docker-compose'
  if (!existsSync(plugin)) {
    say('fetching Compose v2')
    const [file = ''] = await fetchPackages('trixie', ['docker-compose'])
    mkdirSync('/usr/libexec/docker/cli-plugins', { recursive: true })
    await bash('dpkg-deb --fsys-tarfile "$1" | tar -x -C / ./usr/libexec/docker/cli-plugins/docker-compose', [file])
  }
  // Old hands and old scripts say `docker-compose`; it is the same program.
  if (!existsSync('/usr/local/bin/docker-compose')) symlinkSync(plugin, '/usr/local/bin/docker-compose')
}

/** Packages of another release of Debian, signed by it, as files that are kept. */
export async function fetchPackages(release: string, names: readonly string[]): Promise<string[]> {
  const kept = names.map((name) => join(cacheDir, `${name}_${release}.deb`))
  if (kept.every((file) => existsSync(file))) return kept
  const scratch = join(cacheDir, `apt-${release}`)
  mkdirSync(join(scratch, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(scratch, 'archives', 'partial'), { recursive: true })
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  writeFileSync(join(scratch, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`)
  const apart = [
    `Dir::Etc::sourcelist=${scratch}/sources.list`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${scratch}/lists`,
    `Dir::Cache=${scratch}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  await run('apt-get', [...apart, '-q', 'update'])
  await run('apt-get', [...apart, '-q', 'download', ...names], { cwd: scratch })
  for (const [index, name] of names.entries()) await bash('mv "$1"/"$2"_*.deb "$3"', [scratch, name, kept[index] ?? ''])
  rmSync(scratch, { recursive: true })
  return kept
}
