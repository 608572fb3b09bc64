import { join } from 'node:path'
import { createBrowser } from '#engine/verification/browse.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'
import { inTurn, type Figure } from './measure.ts'
import { scratch } from './on-rig.ts'

const rows = 10_000_000
const limitMs = 200
const page = 100

/** A page of a table of 10 million rows in a real sandbox: its beginning, what follows, and its end by the key. */
export async function benchBrowse(): Promise<Figure[]> {
  const signal = new AbortController().signal
  const report = { step: () => {}, log: () => {} }
  const wish = { engine: 'docker', image: null, major: 18, sqlBytes: 1e9, jobId: 'bench', copyId: null } as const
  const sandbox = await startSandbox(
    { ...wish, subject: 'bench' },
    { scratchDir: join(scratch, 'browse'), now: () => new Date(), signal, report },
  )
  const browser = createBrowser({ find: () => sandbox })
  try {
    await fill(sandbox)
    const view = { sandboxId: sandbox.id, database: 'browsed', schema: 'public', name: 'many', filters: [] }
    const open = (descending: boolean | null) => async (): Promise<void> => {
      const sort = descending === null ? null : { column: 'id', descending }
      const { cursorId } = await browser.open({ ...view, sort })
      const { rows: got } = await browser.fetch(cursorId, page)
      if (got.length < page) throw new Error(`a page of ${got.length} rows`)
      await browser.close(cursorId)
    }
    const { cursorId } = await browser.open({ ...view, sort: null })
    const next = async (): Promise<void> => void (await browser.fetch(cursorId, page))
    const works: [what: string, work: () => Promise<void>][] = [
      ['opened, its first page', open(null)],
      ['the page after it', next],
      ['opened sorted by its key', open(false)],
      ['opened at its end, sorted by its key downwards', open(true)],
    ]
    const times = await inTurn(
      9,
      works.map(([, work]) => work),
    )
    return works.map(([what], i) => {
      const ms = (times[i] ?? Number.NaN) * 1000
      return {
        what: `Browse ${rows / 1e6} million rows, ${page} to a page: ${what}`,
        ours: `${ms.toFixed(0)} ms`,
        theirs: '',
        ratio: '',
        aim: `≤ ${limitMs} ms`,
        reached: ms <= limitMs,
      }
    })
  } finally {
    await browser.end()
    await sandbox.stop()
  }
}

async function fill(sandbox: Sandbox): Promise<void> {
  const admin = await sandbox.connect('admin', 'postgres')
  await admin.query('CREATE DATABASE browsed')
  await admin.end()
  const owner = await sandbox.connect('admin', 'browsed')
  await owner.query(`CREATE TABLE public.many AS SELECT g AS id, 'a row with the number ' || g AS t
    FROM pg_catalog.generate_series(1, ${rows}) g`)
  await owner.query('ALTER TABLE public.many ADD PRIMARY KEY (id)')
  await owner.query('ANALYZE public.many')
  await owner.end()
}
