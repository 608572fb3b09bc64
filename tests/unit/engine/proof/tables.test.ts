import { describe, expect, test } from 'vitest'
import { Cursor } from '#engine/proof/statements/cursor.ts'
import { Expectations } from '#engine/proof/statements/expected.ts'
import { alterTable, createTable } from '#engine/proof/statements/tables.ts'
import { canonical, tokenize } from '#engine/proof/statements/tokens.ts'

/** What is wanted of each object that this statement makes, by kind and fact. */
function wanted(source: string): Record<string, Record<string, string>> {
  const expectations = new Expectations()
  const cursor = new Cursor(tokenize(source))
  const creates = cursor.is('CREATE')
  cursor.seek('TABLE')
  if (creates) createTable({ cursor, source }, expectations, 'table')
  else alterTable({ cursor, source }, expectations)
  const objects = [...expectations.objects.values()].flat()
  return Object.fromEntries(
    objects.map(({ kind, facts }) => [kind, Object.fromEntries([...facts].map(([fact, { want }]) => [fact, want]))]),
  )
}

const says = (text: string) => canonical(tokenize(text))

describe('whether a constraint was checked over all rows', () => {
  test.each([
    ['CHECK (((NOT valid) OR (a > 0)))', 'yes'],
    ['CHECK ((NOT enforced))', 'yes'],
    ['EXCLUDE USING gist (a WITH =) WHERE ((NOT valid))', 'yes'],
    ['CHECK (((NOT valid) OR (a > 0))) NOT VALID', 'no'],
    ['CHECK ((a > 0)) NO INHERIT NOT VALID', 'no'],
    ['FOREIGN KEY (a) REFERENCES public.b(id) NOT ENFORCED', 'no'],
  ])('%s: %s', (constraint, validated) => {
    const altered = wanted(`ALTER TABLE ONLY public.t ADD CONSTRAINT c ${constraint}`)
    expect(altered['constraint']?.['validated']).toBe(validated)
  })

  test('also where it stands in the table', () => {
    const { constraint } = wanted('CREATE TABLE public.t (valid boolean, CONSTRAINT c CHECK ((NOT valid)))')
    expect(constraint?.['validated']).toBe('yes')
  })
})

test.each(['storage', 'options', 'compression', 'generated'])('a type or a function may be called %s', (name) => {
  const { table } = wanted(`CREATE TABLE public.t (
      a public.${name} NOT NULL,
      b public.${name}[] DEFAULT public.${name}('.') NOT NULL,
      c text DEFAULT '.' NOT NULL
    )`)
  expect(table).toMatchObject({
    'type a': says(`public.${name}`),
    'null a': 'no',
    'type b': says(`public.${name}[]`),
    'default b': says(`public.${name}('.')`),
    'null b': 'no',
    'default c': says(`'.'`),
    'null c': 'no',
  })
})
