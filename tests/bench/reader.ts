import { createWriteStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { Readable } from 'node:stream'
import { spawn } from 'node:child_process'
import { readDumpFile } from '#engine/dump/reader-thread.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { inTurn, megabytes, seconds, shell, type Figure } from './measure.ts'
import { rigProgram, scratch } from './on-rig.ts'

/** Reading a dump to its manifest: decompress, SHA-256, rows, fingerprints, statements. */
export async function benchReader(): Promise<Figure[]> {
  rigProgram('big.ts')
  const { place, dbname, user } = rigDatabase('big')
  if (place.kind !== 'container') throw new Error('the large database runs in a container')
  const figures: Figure[] = []
  for (const [format, ending, option, test] of [
    ['zstd', 'zst', '--compress=zstd:3', 'zstd -t -q'],
    ['gzip', 'gz', '--compress=gzip:6', 'gzip -t'],
  ] as const) {
    const file = join(scratch, `read.${ending}`)
    await shell(`docker exec -i ${place.container} pg_dump -U ${user} -d ${dbname} ${option} > ${file}`)
    let sqlBytes = 0
    const [us = 1, them = 1] = await inTurn(3, [
      async () => {
        const report = await readDumpFile(file)
        if (report.outcome !== 'proven') throw new Error(`the dump is ${report.outcome}`)
        sqlBytes = report.sqlBytes
      },
      () => shell(`${test} ${file}`),
    ])
    const rate = sqlBytes / us / 1e6
    figures.push({
      what: `Reading ${megabytes(sqlBytes)} of SQL in ${format} to its manifest, beside \`${test}\``,
      ours: `${seconds(us)}, ${Math.round(rate)} MB/s`,
      theirs: seconds(them),
      ratio: `${(us / them).toFixed(2)} ×`,
      aim: '≥ 400 MB/s of SQL',
      reached: rate >= 400,
    })
  }
  return figures
}

/** Peak memory of a process that reads a dump of half a gigabyte, and one of five. */
export async function benchMemory(): Promise<Figure[]> {
  const [small, large] = [await syntheticDump(0.5), await syntheticDump(5)]
  // the bundle: from sources Node would hold its TypeScript compiler too
  const entry = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')
  const peak = async (file: string): Promise<number> => {
    const child = spawn(process.execPath, [entry, '--data-dir', join(scratch, 'memory'), '--json', 'check', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    let most = 0
    const timer = setInterval(() => (most = Math.max(most, peakOf(child.pid ?? 0))), 50)
    const code = await new Promise((resolve) => child.once('close', resolve))
    clearInterval(timer)
    if (code !== 0) throw new Error(`check ended with ${String(code)}`)
    return most
  }
  const [ofSmall, ofLarge] = [await peak(small), await peak(large)]
  return [
    {
      what: `Peak memory while a dump of 5 GB is read, beside one of 0.5 GB (${megabytes(statSync(large).size)} compressed)`,
      ours: megabytes(ofLarge),
      theirs: megabytes(ofSmall),
      ratio: `${(ofLarge / ofSmall).toFixed(2)} ×`,
      aim: '≤ 250 MB, flat',
      reached: ofLarge <= 250e6 && ofLarge <= 1.25 * ofSmall,
    },
  ]
}

/** VmHWM: the most that a process has ever held, in bytes. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** A dump as pg_dump writes it, with one table of so many gigabytes. */
async function syntheticDump(gigabytes: number): Promise<string> {
  const file = join(scratch, `synthetic-${gigabytes}.sql.zst`)
  const head = `--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 18.1\n-- Dumped by pg_dump version 18.1\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.t (\n    a integer,\n    b text\n);\n\n\nCOPY public.t (a, b) FROM stdin;\n`
  const tail = `\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n`
  const rows = Buffer.from(Array.from({ length: 8000 }, (_, n) => `${n}\t${'lorem ipsum '.repeat(9)}${n}\n`).join(''))
  const source = Readable.from(
    (function* () {
      yield Buffer.from(head)
      for (let bytes = 0; bytes < gigabytes * 1e9; bytes += rows.length) yield rows
      yield Buffer.from(tail)
    })(),
  )
  await pipeline(source, createZstdCompress(), createWriteStream(file))
  return file
}
