import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rigDatabase } from '../rig/machine/rig.ts'
import { copyBlock, dumpOf } from '../support/dump-text.ts'
import { inTurn, seconds, shell, type Figure } from './measure.ts'
import { done, engineWith, rigProgram, scratch } from './on-rig.ts'

const image = 'postgres:18-alpine'
const database = 'bench'
/** what a server that is thrown away afterwards does not need */
const tuned = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=8GB',
  'maintenance_work_mem=512MB',
].flatMap((setting) => ['-c', setting])

/** *Verify* of a plain dump, restored and proven exact, beside today's restore and beside a tuned pg_restore, which prove nothing. */
export async function benchVerify(): Promise<Figure[]> {
  rigProgram('big.ts')
  const { place, dbname, user } = rigDatabase('big')
  if (place.kind !== 'container') throw new Error('the large database runs in a container')
  const dump = `docker exec ${place.container} pg_dump -U ${user} -d ${dbname}`
  const [plain, archive] = [join(scratch, 'verify.sql.gz'), join(scratch, 'verify.dump')]
  await shell(`${dump} | gzip > ${plain}`)
  await shell(`${dump} --format=custom --compress=zstd:3 > ${archive}`)
  const { engine } = await engineWith({ place, dbname, dbuser: user })
  const ours = async (): Promise<void> => {
    const { jobId } = await engine.call('verify.start', { target: { kind: 'file', file: plain }, engine: 'docker' })
    const job = await done(engine, jobId)
    if (job.outcome !== 'proven') throw new Error(`the verification ended ${job.outcome}`)
  }
  const today = (): Promise<void> =>
    inContainer(
      [],
      (name) => `gunzip -c ${plain} | docker exec -i ${name} psql -q -U postgres -d ${database} > /dev/null`,
    )
  const few = join(scratch, 'few.sql.gz')
  const rows = Array.from({ length: 1000 }, (_, n) => [`${n}`, `a row with the number ${n}`])
  const block = copyBlock({ schema: 'public', name: 't', columns: ['id', 't'], rows })
  writeFileSync(few, gzipSync(dumpOf(`CREATE TABLE public.t (id integer, t text);\n\n${block}`)))
  const firstRow = async () => {
    const here = Promise.withResolvers<void>()
    const stop = engine.subscribe((event) => {
      if (event.name === 'verification' && event.value.tables.some(({ loaded }) => loaded > 0)) here.resolve()
    })
    const { jobId } = await engine.call('verify.start', { target: { kind: 'file', file: few }, engine: 'docker' })
    const over = done(engine, jobId)
    await Promise.race([here.promise, over])
    stop()
    return () => over
  }
  const parallel = (): Promise<void> =>
    inContainer(
      tuned,
      (name) =>
        `docker cp ${archive} ${name}:/tmp/verify.dump > /dev/null && docker exec ${name} pg_restore -U postgres -d ${database} -j 4 --no-owner --no-acl /tmp/verify.dump`,
    )
  try {
    const [us = 0, psql = 0, restore = 0] = await inTurn(3, [ours, today, parallel])
    const [first = 0, empty = 0] = await inTurn(5, [firstRow, () => emptyContainer([])])
    return [
      {
        what: 'From the start of a verification to its first row in the sandbox, beside the start of an empty container',
        ours: seconds(first),
        theirs: seconds(empty),
        ratio: `${(first / empty).toFixed(2)} ×`,
        aim: '≤ 1.2 ×',
        reached: first <= 1.2 * empty,
      },
      {
        what: 'Verify a .sql.gz: restored and proven exact, beside `docker run` and `gunzip -c | psql`',
        ours: seconds(us),
        theirs: seconds(psql),
        ratio: `${(psql / us).toFixed(2)} × faster`,
        aim: '≥ 1.7 × faster',
        reached: psql >= 1.7 * us,
      },
      {
        what: 'The same beside a tuned server and `pg_restore -j 4` of the same data',
        ours: seconds(us),
        theirs: seconds(restore),
        ratio: `${(us / restore).toFixed(2)} ×`,
        aim: '≤ 1.25 ×',
        reached: us <= 1.25 * restore,
      },
    ]
  } finally {
    await engine.stop()
  }
}

/** A fresh container that answers on TCP, some work in it, and its end. */
async function inContainer(settings: readonly string[], work: (name: string) => string): Promise<void> {
  const create = (name: string) => `docker exec ${name} createdb -U postgres -T template0 ${database}`
  const end = await emptyContainer(settings, (name) => `${create(name)} && ${work(name)}`)
  await end()
}

/** The same, with what ends it. */
async function emptyContainer(
  settings: readonly string[],
  work?: (name: string) => string,
): Promise<() => Promise<void>> {
  const name = `lifeboat-bench-${randomBytes(4).toString('hex')}`
  const server = [image, ...settings].join(' ')
  const ready = `until docker exec ${name} pg_isready -q -h 127.0.0.1; do sleep 0.1; done`
  const end = (): Promise<void> => shell(`docker rm -f -v ${name} > /dev/null`)
  try {
    await shell(`docker run -d --name ${name} -e POSTGRES_PASSWORD=bench ${server} > /dev/null`)
    await shell(work ? `${ready} && ${work(name)}` : ready)
    return end
  } catch (error) {
    await end()
    throw error
  }
}
