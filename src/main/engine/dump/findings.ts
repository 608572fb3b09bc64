import type { DumpFinding, DumpReport } from '#shared/dump-report.ts'
import { findingWeight, type FindingKind } from '#shared/finding-weight.ts'

/** More than this of them tell a person nothing new; a file of noise must not fill the memory. */
const KEPT = 100

/** What a reading has found so far. */
export interface Findings {
  add(finding: DumpFinding): void
  list(): DumpFinding[]
  readonly more: number
  outcome(): DumpReport['outcome']
}

export function createFindings(): Findings {
  const kept: DumpFinding[] = []
  const kinds = new Set<FindingKind>()
  let more = 0
  const weighs = (weight: string) => [...kinds].some((kind) => findingWeight[kind] === weight)
  return {
    add(finding) {
      const first = !kinds.has(finding.kind)
      kinds.add(finding.kind)
      // The first of each kind is always listed, however late it comes.
      if (kept.length < KEPT || first) kept.push(finding)
      else more++
    },
    list: () => kept,
    get more() {
      return more
    },
    outcome() {
      // What comes out of a broken compression was written by nobody: it can't be refused for what it says.
      if (weighs('refused') && !kinds.has('bad-compression')) return 'refused'
      if (weighs('damaged')) return 'damaged'
      return weighs('not-checked') ? 'not-checked' : 'proven'
    },
  }
}
