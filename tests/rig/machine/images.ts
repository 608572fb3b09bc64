import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bash, run, say, succeeds } from './run.ts'
import { cacheDir, mirror } from './where.ts'

interface Recipe {
  major: number
  /** The Debian release that carries this major version. */
  release: string
  /** debootstrap's script, where it has none under the release's own name. */
  script: string
  /** Where the official image of this version keeps its data: it moved with 18. */
  pgdata: string
  volume: string
}

const recipes: Recipe[] = [
  {
    major: 18,
    release: 'forky',
    script: 'sid',
    pgdata: '/var/lib/postgresql/18/docker',
    volume: '/var/lib/postgresql',
  },
  {
    major: 17,
    release: 'trixie',
    script: 'trixie',
    pgdata: '/var/lib/postgresql/data',
    volume: '/var/lib/postgresql/data',
  },
  {
    major: 15,
    release: 'bookworm',
    script: 'bookworm',
    pgdata: '/var/lib/postgresql/data',
    volume: '/var/lib/postgresql/data',
  },
]

/** The name under which operators know the image. Ours is built from Debian: musl and busybox are not in it. */
export function imageName(major: number): string {
  return `postgres:${major}-alpine`
}

/** Makes the image of a major version unless Docker has it: from the kept root file system, else from Debian's packages. */
export async function makeImage(major: number): Promise<void> {
  const recipe = recipes.find((one) => one.major === major)
  if (recipe === undefined) throw new Error(`no recipe for PostgreSQL ${major}`)
  if (await succeeds('docker', ['image', 'inspect', imageName(major)])) return
  const kept = join(cacheDir, `postgres-${major}.tar.zst`)
  if (!existsSync(kept)) await bootstrap(recipe, kept)
  await importImage(recipe, kept)
}

/** Bootstraps a minimal Debian with PostgreSQL and keeps it, packed. */
async function bootstrap(recipe: Recipe, kept: string): Promise<void> {
  say(`bootstrapping PostgreSQL ${recipe.major} from ${recipe.release} (a minute)`)
  const scratch = mkdtempSync(join(tmpdir(), `lifeboat-rig-pg${recipe.major}-`))
  const packages = join(cacheDir, 'debs')
  mkdirSync(packages, { recursive: true })
  try {
    const script = `/usr/share/debootstrap/scripts/${recipe.script}`
    const include = `--include=postgresql-${recipe.major},xz-utils,zstd`
    await run('debootstrap', [
      '--variant=minbase',
      include,
      `--cache-dir=${packages}`,
      recipe.release,
      scratch,
      mirror,
      script,
    ])
    await bash(
      `cd "$1"
       rm -rf var/lib/apt/lists/* var/cache/apt/* usr/share/doc usr/share/man var/lib/postgresql/* etc/postgresql/*
       # The official image listens on all addresses; Debian's sample says localhost.
       sed -ri "s/^#?(listen_addresses)\\s*=.*/\\1 = '*'/" usr/share/postgresql/*/postgresql.conf.sample
       tar -c . | zstd -q -3 -T0 -f -o "$2.part"
       mv "$2.part" "$2"`,
      [scratch, kept],
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Adds the entrypoint, which is not kept in the cache so that a change of it counts at once, and imports. */
async function importImage(recipe: Recipe, kept: string): Promise<void> {
  say(`importing ${imageName(recipe.major)}`)
  const bin = `/usr/lib/postgresql/${recipe.major}/bin`
  const changes = [
    `ENV PATH=${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    `ENV LANG=C.UTF-8 PG_MAJOR=${recipe.major} PGDATA=${recipe.pgdata}`,
    `VOLUME ${recipe.volume}`,
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["postgres"]',
    'EXPOSE 5432',
  ].flatMap((change) => ['-c', change])
  const scratch = mkdtempSync(join(tmpdir(), 'lifeboat-rig-image-'))
  try {
    await bash(
      `cd "$1"; kept=$2 entrypoint=$3 name=$4; shift 4
       mkdir -p added/usr/local/bin added/docker-entrypoint-initdb.d
       install -m 0755 "$entrypoint" added/usr/local/bin/docker-entrypoint.sh
       zstd -q -dc "$kept" >root.tar
       tar -r -f root.tar -C added ./usr/local/bin/docker-entrypoint.sh ./docker-entrypoint-initdb.d
       docker import "$@" root.tar "$name" >&2`,
      [scratch, kept, join(import.meta.dirname, 'image', 'entrypoint.sh'), imageName(recipe.major), ...changes],
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The application's own container: a web server of one static file, so that not every service is a PostgreSQL. */
export async function makeWebImage(): Promise<void> {
  if (await succeeds('docker', ['image', 'inspect', 'agentcard-web:latest'])) return
  await bash(
    `scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
     install -D -m 0755 /bin/busybox "$scratch/bin/busybox"
     ln -s busybox "$scratch/bin/sh"
     tar -C "$scratch" -c . | docker import -c 'CMD ["/bin/busybox","httpd","-f","-p","8000"]' - agentcard-web:latest >&2`,
  )
}
