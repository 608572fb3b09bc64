import { appendFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/** `full`: the counts that the project promises. `sample`: a seeded part of them, for every run. */
const full = process.env['LIFEBOAT_FAULTS'] === 'full'
const seed = Number(process.env['LIFEBOAT_FAULTS_SEED'] ?? 20250821)

/** Numbers that are the same for the same seed: a failure can be run again. */
export interface Random {
  /** A whole number in [0, below). */
  below(below: number): number
  bytes(length: number): Buffer
}

/** mulberry32: small, and good enough to choose places. */
export function seededRandom(start: number): Random {
  let state = start >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  return {
    below: (below) => Math.floor((next() / 2 ** 32) * below),
    bytes: (length) => Buffer.from(Array.from({ length }, () => next() & 255)),
  }
}

function hashed(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 7)
}

/** A campaign: one fault, tried at many places. */
export interface Campaign {
  random: Random
  /** The places to try: all in [0, length), or a seeded choice of so many of them. */
  places(length: number, most: number): number[]
  /** How often to try where places do not run out. */
  count: number
  /** One try came to its end, and this is what came out: it is counted under that word. */
  came(outcome: string): void
}

/** Begins a campaign. Its line is told when its test has ended. */
export function campaign(name: string, counts: { full: number; sample: number }): Campaign {
  const random = seededRandom(seed ^ hashed(name))
  const outcomes = new Map<string, number>()
  const began = performance.now()
  onTestFinished(() => {
    const tries = [...outcomes.values()].reduce((sum, count) => sum + count, 0)
    const told = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const row = `| ${name} | ${tries} | ${told} | ${seconds} s | ${full ? 'full' : `sample, seed ${seed}`} |`
    // The runner swallows what passing tests print: who wants the table names a file for it.
    const table = process.env['LIFEBOAT_FAULTS_TABLE']
    if (table) appendFileSync(table, `${row}\n`)
  })
  return {
    random,
    count: full ? counts.full : counts.sample,
    places(length, most) {
      const wanted = full ? counts.full : Math.min(most, counts.sample)
      if (wanted >= length) return Array.from({ length }, (_, i) => i)
      return Array.from({ length: wanted }, () => random.below(length))
    },
    came: (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
  }
}
