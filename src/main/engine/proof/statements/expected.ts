import type { PlanPlace } from '#engine/dump/plan.ts'
import type { QualifiedName } from './cursor.ts'
import { canonical, type FullToken } from './tokens.ts'

/** How the sandbox can be asked what a statement of the dump means to it: what `read` gives is what it would make. */
export type Replay = { setup: string[]; statement: string; read: string }

/** Something about an object that the dump says. */
export type Fact = {
  want: string
  /** `tokens`: a definition, compared token by token; `text`: as it stands */
  as: 'tokens' | 'text'
  /** whether every version of PostgreSQL writes it the same */
  stable: boolean
  replay: Replay | null
  /** which tokens of PostgreSQL's own definition are meant; null: all */
  part: Part | null
}

export type Part = (tokens: readonly FullToken[]) => readonly FullToken[]

/** An object that a dump creates. */
export type Expected = {
  kind: string
  schema: string
  name: string
  /** the table, domain … that it belongs to, for a person */
  of: string | null
  key: string
  /** index of the statement in the plan */
  step: number
  place: PlanPlace
  facts: Map<string, Fact>
}

/** Identity of an object: functions of one name share it. */
export function objectKey(kind: string, { schema, name }: QualifiedName, of: QualifiedName | null = null): string {
  return JSON.stringify(of === null ? [kind, schema, name] : [kind, schema, name, of.schema, of.name])
}

export function text(want: string, stable = true): Fact {
  return { want, as: 'text', stable, replay: null, part: null }
}

export function definition(tokens: readonly FullToken[], replay: Replay | null = null, part: Part | null = null): Fact {
  return { want: canonical(tokens), as: 'tokens', stable: false, replay, part }
}

/** Privileges that are given, or taken away, in the order of the dump. */
export type Granted = {
  /** what they are about and for whom: see `grantKey` */
  key: string
  shown: string
  privileges: string[]
  step: number
  place: PlanPlace
}

/** All that a dump creates in one database. */
export class Expectations {
  readonly objects = new Map<string, Expected[]>()
  readonly grants: Granted[] = []
  /** a comment on each of these */
  readonly comments = new Set<string>()
  private step = 0
  private place: PlanPlace = { line: 1, byte: 0 }

  /** What follows comes from this statement. */
  from(step: number, place: PlanPlace): void {
    this.step = step
    this.place = place
  }

  add(
    kind: string,
    id: QualifiedName | null,
    { of = null, facts = {} }: { of?: QualifiedName | null; facts?: Record<string, Fact> } = {},
  ): void {
    if (id === null) return
    const key = objectKey(kind, id, of)
    const shownOf = of === null ? null : of.schema === '' ? of.name : `${of.schema}.${of.name}`
    const { step, place } = this
    const expected = { kind, ...id, of: shownOf, key, step, place, facts: new Map(Object.entries(facts)) }
    const same = this.objects.get(key)
    if (same) same.push(expected)
    else this.objects.set(key, [expected])
  }

  /** A later statement says more about an object that was created before. */
  change(kind: string, id: QualifiedName | null, facts: Record<string, Fact>, of: QualifiedName | null = null): void {
    if (id === null) return
    const object = this.objects.get(objectKey(kind, id, of))?.at(-1)
    for (const [name, fact] of Object.entries(facts)) object?.facts.set(name, fact)
  }

  /** Takes the place of what was created before: views that are first made without their query. */
  replace(kind: string, id: QualifiedName | null, facts: Record<string, Fact>): void {
    if (id === null) return
    if (this.objects.has(objectKey(kind, id))) this.change(kind, id, facts)
    else this.add(kind, id, { facts })
  }

  grant(granted: Omit<Granted, 'step' | 'place'>): void {
    this.grants.push({ ...granted, step: this.step, place: this.place })
  }
}
