import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { planDumpFile } from '#engine/dump/reader-thread.ts'
import { startSlices } from '#engine/restore/slices.ts'

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-slices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rows = Array.from({ length: 2000 }, (_, i) => `${i}\trow ${i}\n`).join('')
const dump = `--
-- PostgreSQL database dump
--

-- Dumped from database version 18.0
-- Dumped by pg_dump version 18.0

CREATE TABLE public.a (id integer, name text);
COPY public.a (id, name) FROM stdin;
${rows}\\.

--
-- PostgreSQL database dump complete
--

`

/** Keeps this thread from hearing anything, as a busy moment of the engine does. */
function hearNothing(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

test('what the thread sent is heard to its end, though the word that it has ended comes first', async () => {
  const file = join(folder, 'dump.sql')
  writeFileSync(file, dump)
  const { plan } = await planDumpFile(file)
  for (let round = 0; round < 3; round++) {
    const slices = startSlices(plan, file)
    try {
      const bytes: Buffer[] = []
      for (let more = true; more;) {
        hearNothing(1500)
        const taken = await slices.take(slices.ranges.length)
        for (const slice of taken) {
          bytes.push(Buffer.from(slice.bytes))
          slice.done()
        }
        more = taken.length > 0
      }
      expect(Buffer.concat(bytes).toString()).toBe(rows)
    } finally {
      slices.stop()
    }
  }
})
