import type { PlannedStatement } from '../dump/plan.ts'
import { encodingOf } from '../dump/encodings.ts'
import { quoteText } from './names.ts'

const setting = /^SET (?:SESSION )?"?([\w.]+)"? (?:=|TO) ([\s\S]*);$/i
const configured = /^SELECT (?:pg_catalog\.)?set_config\('([\w.]+)', ?'((?:[^']|'')*)', ?false\);$/i

/** The settings that a dump gives to its session: what each further session has to be told as well. */
export class Settings {
  private readonly said = new Map<string, Buffer>()

  /** The bytes to send for a statement of the dump, which may change the settings. Null: it is not to be run. */
  bytesOf(step: PlannedStatement): Buffer | null {
    const found = setting.exec(step.text) ?? configured.exec(step.text)
    const name = found?.[1]?.toLowerCase()
    const bytes = Buffer.from(step.text, step.raw ? 'latin1' : 'utf8')
    if (name === undefined) return bytes
    const value = (found?.[2] ?? '').replaceAll(/^'|'$/g, '')
    // a sandbox has no tablespaces of its own
    if (name === 'default_tablespace' && value !== '') return null
    const told = name === 'client_encoding' ? clientEncoding(value) : bytes
    this.said.set(name, told)
    return told
  }

  /** Forgets a setting that the server has refused. */
  refused(step: PlannedStatement): void {
    const name = (setting.exec(step.text) ?? configured.exec(step.text))?.[1]?.toLowerCase()
    if (name !== undefined) this.said.delete(name)
  }

  /** Everything that was said so far, for another session. */
  replay(): Buffer {
    return Buffer.concat([...this.said.values()].flatMap((one) => [one, Buffer.from('\n')]))
  }
}

/** What the session has to say of its bytes: the reader has converted what it could. */
function clientEncoding(name: string): Buffer {
  const { kind } = encodingOf(name)
  const told = kind === 'decode' ? 'UTF8' : kind === 'bytes' ? 'SQL_ASCII' : name
  return Buffer.from(`SET client_encoding = ${quoteText(told)};`)
}
