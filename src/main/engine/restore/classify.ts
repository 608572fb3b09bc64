import type { DatabaseError } from 'pg'
import type { PlannedStatement, PlanStep } from '../dump/plan.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { heavyWork, tableAfter, tableKey } from './names.ts'
import { ALTER, mayBeSortedOtherwise } from './sorting.ts'
import type { LoadError } from './restored.ts'

/** What an error means depends on where the dump is loaded, and on what was missing before. */
export type LoadContext = {
  sandbox: Pick<Sandbox, 'engine' | 'major' | 'superuser'>
  /** the major version that wrote the dump; null: not known */
  dumpMajor: number | null
  /** what this sandbox could not have, for a person: `the extension postgis` */
  missing: string[]
  /** tables and materialized views that this sandbox could not fill, by `placeKey` */
  unfilled: Set<string>
  /** all that the dump holds */
  steps: readonly PlanStep[]
}

type Verdict = { class: LoadError['class']; why: string | null; missing?: string }

/** Something that a statement names is not there: expected behind something that the sandbox could not have. */
const UNDEFINED = new Set(['42704', '42883', '42P01', '42703', '3F000', '42P02', '42846'])
/** What another version of PostgreSQL does not know. */
const UNKNOWN_SYNTAX = new Set(['42601', '42704', '42883', '0A000', '42703', '22023'])

/** Says what it means that PostgreSQL refused a statement. Notes down what is missing for the errors to come. */
export function classify(error: DatabaseError, step: PlanStep, context: LoadContext): Pick<LoadError, 'class' | 'why'> {
  const verdict = expected(error, step, context) ?? lacking(error, step, context)
  if (verdict?.missing !== undefined) context.missing.push(verdict.missing)
  const fills = verdict?.class === 'unchecked' ? filledBy(step) : null
  if (fills !== null) context.unfilled.add(placeKey(step.database, fills))
  return { class: verdict?.class ?? 'damage', why: verdict?.why ?? null }
}

const refresh = 'REFRESH MATERIALIZED VIEW'

/** The table or materialized view that a step fills, by `tableKey`. */
function filledBy(step: PlanStep): string | null {
  switch (step.step) {
    case 'copy':
      return tableKey(step.schema, step.name)
    case 'data':
      return step.table && tableKey(step.table.schema, step.table.name)
    case 'statement':
      if (step.kind === refresh) return tableAfter(`${refresh}(?: CONCURRENTLY)?`, step.text)
      // without one of its partitions
      return / ATTACH PARTITION /.test(step.text) ? tableAfter(ALTER, step.text) : null
  }
}

function placeKey(database: string | null, table: string): string {
  return `${database ?? ''} ${table}`
}

function expected(error: DatabaseError, step: PlanStep, { sandbox }: LoadContext): Verdict | null {
  const explained = (why: string): Verdict => ({ class: 'explained', why })
  if (step.step !== 'statement') return null
  const { kind, text } = step
  if (error.code === '42P06' && kind === 'CREATE SCHEMA' && /^CREATE SCHEMA public\b/.test(text)) {
    return explained('a new database has the schema public already')
  }
  if (kind === 'SELECT pg_restore_stats') return explained('statistics for the planner, which are no data')
  if (error.code === '42704' && kind === 'SET')
    return explained('a setting that this version of PostgreSQL does not have')
  if (error.code === '0A000' && compression.test(text))
    return explained('the rows are the same; only how PostgreSQL would pack new ones differs')
  if (UNDEFINED.has(error.code ?? '') && isCleaning(kind, text))
    return explained('a dump taken with --clean removes first what an empty database does not have')
  if (error.code === '42501' && /^COMMENT ON (EXTENSION|LANGUAGE)\b/.test(text) && !sandbox.superuser) {
    return explained('the extension was created for the dump, which therefore may not comment on it')
  }
  return null
}

const name = String.raw`(?:"(?:[^"]|"")+"|[^\s".;(]+)`
const cleaning = new RegExp(
  `^ALTER (?:TABLE|FOREIGN TABLE|DOMAIN) (?:ONLY )?${name}(?:\\.${name})? ` +
    `(?:DROP CONSTRAINT |ALTER COLUMN ${name} DROP DEFAULT|DETACH PARTITION )`,
)

const compression = new RegExp(
  `^ALTER (?:FOREIGN )?TABLE (?:ONLY )?${name}\\.${name} ALTER COLUMN ${name} SET COMPRESSION \\w+;$`,
)

/** What pg_dump --clean writes before everything else, where it does not also write IF EXISTS. */
function isCleaning(kind: string, text: string): boolean {
  return kind.startsWith('DROP ') || kind === 'SELECT lo_unlink' || cleaning.test(text)
}

function lacking(error: DatabaseError, step: PlanStep, context: LoadContext): Verdict | null {
  const { sandbox, dumpMajor, missing } = context
  const unchecked = (why: string, lacks?: string): Verdict => ({
    class: 'unchecked',
    why,
    ...(lacks === undefined ? {} : { missing: lacks }),
  })
  const code = error.code ?? ''
  const message = error.message
  if (step.step === 'statement') {
    if (step.kind === 'CREATE EXTENSION') {
      const name = /extension "([^"]+)"/.exec(message)?.[1] ?? 'that it needs'
      return unchecked(
        `this PostgreSQL does not have the extension: use Docker with an image that has it`,
        `the extension ${name}`,
      )
    }
    if (code === '22023' && step.kind === 'SECURITY') {
      return unchecked('nothing here knows these security labels: use Docker with an image that has their extension')
    }
    const method = code === '22023' ? /^SET default_table_access_method = "?([^";]+)/.exec(step.text)?.[1] : undefined
    if (method !== undefined) {
      return unchecked(
        `this PostgreSQL can not store tables by ${method}: use Docker with an image that can`,
        `the table access method ${method}`,
      )
    }
    const unfilled = wantsUnfilled(error, step, context)
    if (unfilled !== null) return unchecked(unfilled)
    if (code === '58P01') {
      return unchecked('this PostgreSQL lacks a library: use Docker with an image that has it', 'a library')
    }
    const locale =
      /could not create locale|locale .* does not exist|collation .* for encoding|could not open collator|ICU/i
    if (['22023', '42704', 'XX000', '0A000', '42P22'].includes(code) && locale.test(message)) {
      return unchecked('this PostgreSQL lacks a locale: use Docker with an image that has it', 'a locale')
    }
  }
  if (code === '22P02' && step.step !== 'statement' && isForeignMoney(message)) {
    return unchecked('its amounts are in the money of another lc_monetary, which this PostgreSQL does not read')
  }
  const table = filledBy(step) ?? (step.step === 'statement' ? tableAfter(ALTER, step.text) : null)
  if (mayBeSortedOtherwise(error, step, table, context.steps)) {
    return unchecked('it hangs on the collation, and this PostgreSQL sorts texts by their bytes')
  }
  // only of an encoding that PostgreSQL converts, and not our reader
  if (code === '22P05') return unchecked('it has a character that this PostgreSQL can not convert to UTF-8')
  if (code === '42501' && !sandbox.superuser) {
    return unchecked('it takes a superuser, which a dump never is here: use Docker', 'a superuser')
  }
  if (UNDEFINED.has(code) && missing.length > 0)
    return unchecked(`it needs ${missing[0]}, which this sandbox does not have`)
  if (dumpMajor !== null && dumpMajor !== sandbox.major && UNKNOWN_SYNTAX.has(code)) {
    const why = `written by PostgreSQL ${dumpMajor}, read by ${sandbox.major}: use Docker with the image postgres:${dumpMajor}-alpine`
    return unchecked(why, `PostgreSQL ${dumpMajor}`)
  }
  return null
}

/** Why a statement can not be checked that reads what could not be filled here, from another server or from this dump. */
function wantsUnfilled(error: DatabaseError, step: PlannedStatement, { unfilled }: LoadContext): string | null {
  const { code = '', message } = error
  if (step.kind === refresh) {
    if (/^(0800[136]|HV...)$/.test(code)) return 'its rows lie on another server, which a sandbox can not reach'
    const view = code === '55000' ? /^materialized view "(.+)" has not been populated$/.exec(message)?.[1] : undefined
    const isView = (key: string) => key.endsWith(`,${JSON.stringify(view)}]`)
    if (view !== undefined && [...unfilled].some(isView)) return `it reads ${view}, which could not be filled here`
  }
  if (step.kind === 'ALTER INDEX' && code === '55000') {
    const parted = / is not an index on any partition of table "(.+)"\.$/.exec(error.detail ?? '')?.[1]
    const isParted = (key: string) => key.endsWith(`,${JSON.stringify(parted)}]`)
    if (parted !== undefined && [...unfilled].some(isParted)) return 'its table could not be attached here'
  }
  const work = code === '23503' ? heavyWork(step.kind, step.text) : null
  if (work?.work === 'foreign key' && unfilled.has(placeKey(step.database, work.referenced)))
    return 'it refers to a table that could not be filled here'
  return null
}

const currency = String.raw`(?:[^\P{Sc}$]|\p{L}[\p{L}.]{0,3}\$?)`
const foreignMoney = new RegExp(
  // a dollar too, where the comma stands before the cents
  String.raw`^[-(]?(?:${currency}?[-\s]*\d[\d.,'’\s]*${currency}?|\$\s?\d{1,3}(?:\.\d{3})+,\d\d)[-)]?$`,
  'u',
)

/** Whether PostgreSQL refused an amount that is whole, and of another form than its own `$1,234.56`. */
function isForeignMoney(message: string): boolean {
  const amount = /^invalid input syntax for type money: "(.*)"$/s.exec(message)?.[1]
  return amount !== undefined && foreignMoney.test(amount)
}
