import { homedir } from 'node:os'
import { join } from 'node:path'

/** The rig's own folder: keys, logs, scratch and `rig.json`. It holds secrets, so it is 0700. */
export const rigDir = process.env.LIFEBOAT_RIG_DIR ?? '/var/lib/lifeboat-rig'

/** What is slow to make and safe to keep: Debian packages and finished images. `down` leaves it alone. */
export const cacheDir = process.env.LIFEBOAT_RIG_CACHE ?? join(homedir(), '.cache', 'lifeboat-rig')

export const mirror = process.env.LIFEBOAT_RIG_MIRROR ?? 'http://deb.debian.org/debian'

export const descriptionFile = join(rigDir, 'rig.json')

export const sshDir = join(rigDir, 'ssh')
export const logDir = join(rigDir, 'log')

/** The server that tests reach first. */
export const outer = { host: '127.0.0.1', port: Number(process.env.LIFEBOAT_RIG_SSH_PORT ?? 22022), timeZone: 'UTC' }

/** The server behind it: another address, other host keys, meant to be reached through the outer one. */
export const inner = {
  host: '127.0.0.2',
  port: Number(process.env.LIFEBOAT_RIG_INNER_PORT ?? 22023),
  timeZone: 'Asia/Shanghai',
}

export const dockerSocket = '/var/run/docker.sock'

export const operatorHome = '/home/operator'
export const projectDir = join(operatorHome, 'projects', 'agent-source-db')
