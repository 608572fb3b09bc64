import { ownership } from '../owned.ts'
import type { Daemon } from './daemon.ts'
import { inside } from './first-process.ts'
import type { Image } from './image.ts'
import { labels } from './labels.ts'

/**
 * A volume for data that memory can't take. It is empty and root's, so it is handed over to the user of the server by a
 * container that can do only that. Not to be interrupted: what is half made could not be found again. Returns what
 * Docker said where it refused, else null.
 */
export async function makeVolume(
  { cli }: Daemon,
  image: Image,
  user: string,
  id: string,
  name: string,
): Promise<string | null> {
  const made = await cli.run(['volume', 'create', ...labels(id, ownership()), name])
  if (made.code !== 0) return made.stderr
  const locked = ['--network', 'none', '--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--user', '0', '--read-only']
  const work = [
    '--volume',
    `${name}:${inside.data}`,
    '--workdir',
    '/',
    '--entrypoint',
    'chown',
    image.id,
    user,
    inside.data,
  ]
  const given = await cli.run(['run', '--rm', ...labels(id, ownership()), ...locked, ...work], { limitMs: 120_000 })
  return given.code === 0 ? null : given.stderr
}
