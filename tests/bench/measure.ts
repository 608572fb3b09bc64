import { spawn } from 'node:child_process'

/** One line of the table: what was measured, against what, and whether the aim was reached. */
export type Figure = { what: string; ours: string; theirs: string; ratio: string; aim: string; reached: boolean }

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/**
 * Times several pieces of work in turn, so that whatever else the machine does hits all of them; the median of each.
 * @param works may give a function that ends what they began, which is not timed
 * @param before what clears the table before each of them, and is not timed
 */
export async function inTurn(
  rounds: number,
  works: readonly (() => Promise<unknown>)[],
  before: () => Promise<unknown> = async () => {},
): Promise<number[]> {
  const times = works.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      await before()
      let begun: unknown
      times[index]?.push(await secondsOf(async () => (begun = await work())))
      if (typeof begun === 'function') await Reflect.apply(begun, undefined, [])
    }
  }
  return times.map(median)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Runs a shell line to its end; what it says on failure is the error. */
export function shell(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-o', 'pipefail', '-c', line], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${line} ended with ${code}: ${said}`))))
  })
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

/** The table as Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, ours, theirs, ratio, aim, reached }) =>
    ['', what, ours, theirs, ratio, aim, reached ? 'reached' : 'MISSED', ''].join(' | ').trim(),
  )
  return ['| what | ours | beside it | ratio | aim | |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n')
}
