/**
 * psql's own rule for the bodies of SQL functions, `BEGIN ATOMIC … END`, whose statements have semicolons and no quotes
 * around them: in a CREATE FUNCTION or PROCEDURE, outside of parentheses, BEGIN and CASE open and END closes.
 */
export class AtomicBody {
  private readonly lead: string[] = []
  private words = 0
  private depth = 0

  /** Whether a semicolon ends no statement here. */
  get open(): boolean {
    return this.depth > 0
  }

  /** The next word of the statement, outside of quotes. */
  word(text: string, parens: number): void {
    this.words++
    // Nothing that matters is longer than PROCEDURE.
    if (text.length > 9) return
    const word = text.toLowerCase()
    if (this.words <= 4) this.lead[this.words - 1] = word
    if (parens > 0 || (word !== 'begin' && word !== 'case' && word !== 'end')) return
    if (!this.createsRoutine()) return
    if (word === 'begin' || (word === 'case' && this.depth > 0)) this.depth++
    else if (word === 'end' && this.depth > 0) this.depth--
  }

  /** The statement has ended. */
  reset(): void {
    this.lead.length = 0
    this.words = 0
    this.depth = 0
  }

  private createsRoutine(): boolean {
    const [first, second, third, fourth] = this.lead
    if (first !== 'create') return false
    const routine = second === 'or' && third === 'replace' ? fourth : second
    return routine === 'function' || routine === 'procedure'
  }
}
