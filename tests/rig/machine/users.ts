import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, say, succeeds, until } from './run.ts'
import { secret } from './secrets.ts'

/** In the comment field of every account that the rig makes. */
const mark = 'lifeboat rig'

/** A kind of account that real servers have, each a different way for a client to trip. */
export interface Account {
  name: string
  shell: string
  /** In the group `docker`, hence able to reach the databases. */
  docker: boolean
  /** How sshd lets this account in. */
  login: 'publickey' | 'password' | 'keyboard-interactive' | 'publickey,keyboard-interactive'
  /** What the account's `.bashrc` does at every start, also for commands that ssh runs. */
  bashrc: string | null
}

// Real machines print such things for every command, because someone put them above the test for an interactive shell.
const noise = `echo "*** Welcome to $(hostname). Authorised use only. ***"
printf 'Last backup: \\033[32mOK\\033[0m\\n'
echo 'bash: warning: setlocale: LC_ALL: cannot change locale (zh_CN.UTF-8)' >&2
`

export const accounts: Account[] = [
  { name: 'operator', shell: '/bin/bash', docker: true, login: 'publickey', bashrc: null },
  { name: 'rig-password', shell: '/bin/bash', docker: true, login: 'password', bashrc: null },
  { name: 'rig-prompts', shell: '/bin/bash', docker: true, login: 'keyboard-interactive', bashrc: null },
  { name: 'rig-two-steps', shell: '/bin/bash', docker: true, login: 'publickey,keyboard-interactive', bashrc: null },
  { name: 'rig-noisy', shell: '/bin/bash', docker: true, login: 'publickey', bashrc: noise },
  { name: 'rig-no-docker', shell: '/bin/bash', docker: false, login: 'publickey', bashrc: null },
  { name: 'rig-dash', shell: '/bin/sh', docker: true, login: 'publickey', bashrc: null },
]

/** The account's password, or null when sshd takes only its key. */
export function passwordOf(account: Account): string | null {
  return account.login === 'publickey' ? null : secret(`password of ${account.name}`)
}

/** The one who may work as root without a password; the others are refused. */
const administrator = 'rig-noisy'
const sudoers = '/etc/sudoers.d/lifeboat-rig'

export function homeOf(account: Account): string {
  return join('/home', account.name)
}

/** Creates the accounts that are missing and lets the given public keys into each. */
export async function makeAccounts(publicKeys: string[]): Promise<void> {
  for (const account of accounts) {
    if (!(await isOurs(account))) await addAccount(account)
    await writeAuthorizedKeys(account, publicKeys)
  }
  const rule = `${administrator} ALL=(root) NOPASSWD: ALL\n`
  if (!existsSync(sudoers) || readFileSync(sudoers, 'utf8') !== rule) writeFileSync(sudoers, rule, { mode: 0o440 })
}

/** True when the rig made this account. Throws when someone else did: it is not ours to change. */
async function isOurs(account: Account): Promise<boolean> {
  const found = (await run('getent', ['passwd', account.name], { accept: [2] })).stdout
  if (found === '') return false
  if (found.split(':')[4] !== mark) throw new Error(`this machine has a user ${account.name} that the rig did not make`)
  return true
}

/** Removes the accounts that the rig made, with their homes and whatever they still run. */
export async function removeAccounts(): Promise<void> {
  rmSync(sudoers, { force: true })
  for (const account of accounts) {
    if (!(await isOurs(account))) continue
    await run('pkill', ['-KILL', '-U', account.name], { accept: [1] })
    // A killed process stays a user's until it is reaped, and userdel refuses for as long.
    await until(
      `the end of ${account.name}'s processes`,
      10,
      async () => !(await succeeds('pgrep', ['--runstates', 'RSDT', '-U', account.name])),
    )
    await run('userdel', ['--remove', account.name], { accept: [12] })
  }
}

async function addAccount(account: Account): Promise<void> {
  say(`adding user ${account.name}`)
  // Debian has a group `operator` of its own, so no group is made for each user.
  const groups = account.docker ? ['--groups', 'docker'] : []
  await run('useradd', [
    '--comment',
    mark,
    '--create-home',
    '--no-user-group',
    '--gid',
    'users',
    '--shell',
    account.shell,
    ...groups,
    account.name,
  ])
  const password = passwordOf(account)
  if (password === null) await run('usermod', ['--password', '*', account.name])
  else await run('chpasswd', [], { input: `${account.name}:${password}\n` })
  if (account.bashrc !== null) {
    const file = join(homeOf(account), '.bashrc')
    writeFileSync(file, account.bashrc + readFileSync(file, 'utf8'))
  }
}

async function writeAuthorizedKeys(account: Account, publicKeys: string[]): Promise<void> {
  const folder = join(homeOf(account), '.ssh')
  const file = join(folder, 'authorized_keys')
  const wanted = publicKeys.map((key) => `${key.trim()}\n`).join('')
  // Not written anew without need: someone may be logging in at this moment.
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, wanted, { mode: 0o600 })
  await run('chown', ['-R', `${account.name}:users`, folder])
}
