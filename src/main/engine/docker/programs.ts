import type { Remote } from './remote.ts'

/** Folders where programs lie although the PATH of a command over SSH often lacks them. */
const usualFolders = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/snap/bin',
  '/opt/bin',
  '/opt/homebrew/bin',
  '/usr/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/local/lib/docker/cli-plugins',
]

// first the PATH as it is, then the usual places, then what a user installs for himself
const search = `folders=$1; shift
IFS=:; set -f
for name do
  for folder in $PATH $folders "$HOME/bin" "$HOME/.local/bin" "$HOME/.docker/bin" "$HOME/.docker/cli-plugins"; do
    case $folder in /*) ;; *) continue ;; esac
    if [ -f "$folder/$name" ] && [ -x "$folder/$name" ]; then printf '%s=%s/%s\\n' "$name" "$folder" "$name"; break; fi
  done
done`

/** Absolute paths of those programs that the server has, looked for in PATH and in the usual places. One round trip. */
export async function findPrograms<Name extends string>(
  remote: Remote,
  names: readonly Name[],
  signal?: AbortSignal,
  moreFolders: readonly string[] = [],
): Promise<Partial<Record<Name, string>>> {
  const argv = ['/bin/sh', '-c', search, 'find', [...usualFolders, ...moreFolders].join(':'), ...names]
  const answer = await remote(argv, signal ? { signal } : {})
  return parsePrograms(answer.stdout, names)
}

/** Reads `name=/path` lines; anything else is dropped. */
export function parsePrograms<Name extends string>(
  text: string,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const line = text.split('\n').find((one) => one.startsWith(`${name}=/`))
    const path = line?.slice(name.length + 1)
    if (path !== undefined && path.endsWith(`/${name}`)) found[name] = path
  }
  return found
}
