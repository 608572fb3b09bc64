import type { Parsed } from '#shared/contract.ts'

type Query = Parsed<'copy.list'>

/** The WHERE of a list of copies. */
export function copyFilter(query: Query): { where: string; values: string[] } {
  const conditions: string[] = []
  const values: string[] = []
  const demand = (condition: string, value: string | undefined): void => {
    if (value === undefined) return
    conditions.push(condition)
    values.push(value)
  }
  demand('server = ?', query.server)
  demand('label = ?', query.label)
  demand('face = ?', query.face)
  for (const word of (query.text ?? '').normalize('NFC').toLowerCase().split(/\s+/)) {
    if (word !== '') demand('instr(words, ?) > 0', word)
  }
  return { where: conditions.join(' AND ') || '1', values }
}

/** The ORDER BY: by the wanted key, and by time where that is equal. */
export function copyOrder({ sort, descending }: Query): string {
  const way = descending ? 'DESC' : 'ASC'
  const keys: Record<Query['sort'], string[]> = {
    taken: ['taken_at', 'stored_at', 'id'],
    server: ['server', 'label'],
    size: ['bytes'],
    // from bad to good
    face: [`CASE face WHEN 'damaged' THEN 0 WHEN 'not-checked' THEN 1 ELSE 2 END`],
    proof: ['rung_order', 'last_proof_at'],
  }
  const wanted = keys[sort].map((key) => `${key} ${way}`)
  return [...wanted, ...(sort === 'taken' ? [] : ['taken_at DESC', 'stored_at DESC', 'id DESC'])].join(', ')
}
