import { DatabaseError } from 'pg'
import { definitionOf, type Difference } from './compare-objects.ts'
import type { Ask } from './session.ts'

/**
 * `same`: the dump's own statement gives what is there; `different`: it gives something else; `failed`: PostgreSQL would
 * not carry it out on the side; `none`: there is no way to try it.
 */
export type Tried = 'same' | 'different' | 'failed' | 'none'

/**
 * Asks the sandbox what the dump's statement means: it is carried out once more on the side, and what comes of it is
 * compared with what is there. Some definitions do not look the same after they were written out and read again, such as
 * a check of a varchar against a list; and another version may write them in another way.
 *
 * The statement runs as the role that loads dumps, since it is the dump's code, and is rolled back.
 * @param quiet the session has to keep the dump's event triggers silent by itself: before 17 a sandbox can't
 */
export async function replay(ask: Ask, { fact, got, what }: Difference, quiet: boolean): Promise<Tried> {
  if (fact.replay === null) return 'none'
  const { setup, statement, read } = fact.replay
  await ask('BEGIN')
  try {
    if (quiet) await ask('SET LOCAL session_replication_role = replica')
    for (const sql of [...setup, statement]) await ask(sql)
    const results = (await ask(read)).map(([text]) => text ?? '')
    const there = definitionOf(fact, got ?? '')
    if (results.length === 0) return what.startsWith('default') && there === '' ? 'same' : 'failed'
    return results.some((text) => definitionOf(fact, text) === there) ? 'same' : 'different'
  } catch (error) {
    if (error instanceof DatabaseError) return 'failed'
    throw error
  } finally {
    await ask('ROLLBACK').catch(() => undefined)
  }
}
