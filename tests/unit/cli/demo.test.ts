import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { version } from '#engine/version.ts'
import { lifeboatOn } from '../../support/lifeboat.ts'

const shown = z.object({
  ok: z.literal(true),
  checks: z.array(z.object({ name: z.string(), outcome: z.string() })),
  copies: z.array(
    z.object({
      file: z.string(),
      origin: z.string(),
      face: z.string(),
      tables: z.array(z.object({ name: z.string(), rows: z.number() })),
      proofs: z.array(z.object({ rung: z.string(), outcome: z.string(), detail: z.string() })),
    }),
  ),
})

it(
  'does the whole main job on the demo server, and calls its damaged backup damaged',
  { timeout: 120_000 },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lifeboat-demo-test-'))
    try {
      const { code, json } = await lifeboatOn(dir)(shown, ['demo'])
      expect(code).toBe(0)
      expect(json.checks.filter((check) => check.outcome !== 'proven')).toEqual([])
      const [dump, ...backups] = json.copies
      expect(dump).toMatchObject({ origin: 'dump', face: 'proven' })
      expect(dump?.tables.find((table) => table.name === '审核记录')?.rows).toBe(30)
      expect(backups.map((copy) => copy.face).sort()).toEqual(['damaged', 'proven', 'proven', 'proven'])
      expect(dump?.proofs.map((proof) => `${proof.rung} ${proof.outcome}`)).toEqual([
        'stored proven',
        'readable proven',
      ])
      for (const copy of json.copies) expect(await readFile(copy.file)).not.toHaveLength(0)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
)

it('names the version that package.json names', async () => {
  const json: unknown = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'))
  expect(z.object({ version: z.string() }).parse(json).version).toBe(version)
})
