import type { DatabaseError } from 'pg'
import type { PlannedStatement, PlanStep } from '../dump/plan.ts'
import { NAME, nameAfter, tableAfter } from './names.ts'

/** Types whose values are sorted by the database's collation. */
const TEXT = '(?:text|character varying|character|bpchar)'
const CREATE = 'CREATE (?:UNLOGGED )?TABLE(?: IF NOT EXISTS)?'
export const ALTER = 'ALTER TABLE(?: ONLY)?'
const column = new RegExp(String.raw`^ {4}(${NAME}) ${TEXT}\b(?!.* COLLATE pg_catalog\."C")`, 'gmu')

/**
 * Whether a refusal may come from the order of texts alone, or from what is a letter's small form: a sandbox has a
 * collation of its own, which no dump of a single database names. `table`: what the step fills or alters.
 */
export function mayBeSortedOtherwise(
  error: DatabaseError,
  step: PlanStep,
  table: string | null,
  steps: readonly PlanStep[],
): boolean {
  const { code = '', message, constraint, detail = '', where = '' } = error
  const statements = steps
    .filter((one) => one.step === 'statement')
    .filter(({ database }) => database === step.database)
  switch (code) {
    case '42P17':
      return /^empty range bound| would overlap partition /.test(message) && isParted(statements, table)
    case '23514':
      if (message.startsWith('no partition of relation ')) return isParted(statements, table)
      if (message.endsWith(' violates partition constraint')) return isParted(statements, parentOf(statements, table))
      return constraint !== undefined && comparesTexts(statements, table, constraint)
    case '22000':
      return message.startsWith('range lower bound must be ') && isTextRange(statements, table, where)
    case '23505':
      // of letters that only some collations know a small form of
      return step.step === 'statement' && isFolded(step) && /[^\0-\x7f]/.test(detail)
  }
  return false
}

function isFolded({ kind, text }: PlannedStatement): boolean {
  return kind === 'CREATE INDEX' && /[ (](?:lower|upper|initcap)\(/.test(text)
}

function created(statements: readonly PlannedStatement[], table: string | null): string {
  const is = ({ kind, text }: PlannedStatement) => kind === 'CREATE TABLE' && tableAfter(CREATE, text) === table
  return (table === null ? undefined : statements.find(is))?.text ?? ''
}

/** The columns that hold texts, as they are written. */
function textColumns(createTable: string): string[] {
  return [...createTable.matchAll(column)].map(([, name = '']) => name)
}

/** Whether a table is parted by the order of texts. */
function isParted(statements: readonly PlannedStatement[], table: string | null): boolean {
  const text = created(statements, table)
  const keys = /\nPARTITION BY RANGE \((.*)\);$/.exec(text)?.[1]?.split(', ') ?? []
  const texts = textColumns(text)
  return keys.some((key) => texts.includes(key))
}

function parentOf(statements: readonly PlannedStatement[], table: string | null): string | null {
  const isChild = ({ kind, text }: PlannedStatement) =>
    kind === 'ALTER TABLE' && tableAfter(`${ALTER} ${NAME}\\.${NAME} ATTACH PARTITION`, text) === table
  const attached = table === null ? undefined : statements.find(isChild)
  return attached ? tableAfter(ALTER, attached.text) : null
}

/** Whether a CHECK asks which of two texts comes first. PostgreSQL writes blanks around an operator. */
function comparesTexts(statements: readonly PlannedStatement[], table: string | null, constraint: string): boolean {
  const text = created(statements, table)
  const altered = statements.filter((one) => one.kind === 'ALTER TABLE' && tableAfter(ALTER, one.text) === table)
  const checks = [text, ...altered.map((one) => one.text)].flatMap((one) =>
    one.split(/\s(?=(?:ADD )?CONSTRAINT )/).filter((part) => isCheck(part, constraint)),
  )
  const texts = textColumns(text).map((name) => name.replaceAll(/[$\\^.*+?()[\]{}|]/g, '\\$&'))
  const value = `(?:${[...texts, `'(?:[^']|'')*'::${TEXT}`].join('|')})`
  const order = '(?:<=?|>=?)'
  const asked = new RegExp(
    String.raw`(?:[\s(]${value}|::${TEXT}) ${order} | ${order} (?:${value}(?![\w$"(.])|\(${value}\)::${TEXT})`,
    'u',
  )
  return checks.some((check) => asked.test(check))
}

function isCheck(part: string, constraint: string): boolean {
  const name = new RegExp(`^(?:ADD )?CONSTRAINT (${NAME}) CHECK `, 'u').exec(part)?.[1]
  return name === constraint || name === `"${constraint.replaceAll('"', '""')}"`
}

/** Whether a column, the one where the rows were refused, holds ranges of texts. */
function isTextRange(statements: readonly PlannedStatement[], table: string | null, where: string): boolean {
  const at = /^COPY .*, line \d+, column ([^:]+):/.exec(where)?.[1]
  const ofTexts = new RegExp(
    String.raw`^CREATE TYPE \S+ AS RANGE \(\s+subtype = ${TEXT},?\s(?!.*collation = pg_catalog\."C")`,
    's',
  )
  const ranges = statements.filter(({ text }) => ofTexts.test(text)).map(({ text }) => tableAfter('CREATE TYPE', text))
  return created(statements, table)
    .split('\n')
    .some((line) => {
      const type = tableAfter(` {4}${NAME}`, line)
      return type !== null && ranges.includes(type) && (at === undefined || nameAfter(' {3}', line) === at)
    })
}
