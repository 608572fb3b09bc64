import { confirmedCalls, type Parsed } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { Pin, Server } from '#shared/server.ts'
import type { Language } from '../language.ts'
import { wordsOf } from '../words.ts'
import type { AskEngine } from './ask-engine.ts'

export type ConfirmedCall = (typeof confirmedCalls)[number]

/** What the operator is asked before something is destroyed or given away. */
export interface Question {
  message: string
  detail: string
  /** the button that does it */
  button: string
}

export function needsConfirmation(name: string): name is ConfirmedCall {
  return confirmedCalls.some((confirmed) => confirmed === name)
}

type Asking<C extends ConfirmedCall> = (input: Parsed<C>, ask: AskEngine, language: Language) => Promise<Question>

const questions: { [C in ConfirmedCall]: Asking<C> } = {
  'server.remove': async ({ id }, ask, language) => {
    const { confirm } = wordsOf(language)
    const server = found(
      (await ask('server.list', {})).find((known) => known.id === id),
      'server',
    )
    const databases = (await ask('database.list', {})).filter((database) => database.server === id)
    return {
      message: confirm.server.message(printable(server.name)),
      detail: confirm.server.detail(
        addressOf(server),
        databases.map(({ label }) => printable(label)),
      ),
      button: confirm.server.button,
    }
  },
  'database.remove': async ({ id }, ask, language) => {
    const { confirm } = wordsOf(language)
    const database = found(
      (await ask('database.list', {})).find((known) => known.id === id),
      'database',
    )
    return {
      message: confirm.database.message(printable(database.serverName), printable(database.label)),
      detail: confirm.database.detail(printable(database.dbname)),
      button: confirm.database.button,
    }
  },
  'copy.remove': async ({ id }, ask, language) => {
    const { confirm } = wordsOf(language)
    const copy = await ask('copy.show', { id })
    const same = { server: copy.server, label: copy.label, limit: 1 }
    const all = await ask('copy.list', same)
    const proven = await ask('copy.list', { ...same, face: 'proven' })
    return {
      message: confirm.copy.message(
        printable(copy.server),
        printable(copy.label),
        readableTime(copy.takenAt, language),
      ),
      detail: confirm.copy.detail(
        printable(copy.file),
        readableSize(copy.bytes, language),
        Math.max(0, all.total - 1),
        Math.max(0, proven.total - (copy.face === 'proven' ? 1 : 0)),
      ),
      button: confirm.copy.button,
    }
  },
  'pin.remove': async ({ host, port, way, type }, ask, language) => {
    const { confirm } = wordsOf(language)
    const trusting = await whoTrusts({ host, port, way }, ask)
    const pin = trusting.flatMap(({ pins }) => pins).find((known) => known.type === type)
    return {
      message: confirm.pin.message(
        confirm.pin.at(printable(`${host}:${port}`), way && printable(way)),
        trusting.map(({ name }) => printable(name)),
      ),
      detail: confirm.pin.detail(printable(type), pin?.fingerprint ?? null),
      button: confirm.pin.button,
    }
  },
  'vault.put': async ({ id, databaseId, file, path }, ask, language) => {
    const { confirm } = wordsOf(language)
    const database = found(
      (await ask('database.list', {})).find((known) => known.id === databaseId),
      'database',
    )
    const seal = found(
      (await ask('vault.list', {})).find((known) => known.id === id),
      'seal',
    )
    const target = path ?? seal.files.find(({ name }) => name === file)?.path ?? file
    return {
      message: confirm.put.message(printable(database.serverName), printable(target)),
      detail: confirm.put.detail(printable(file), readableTime(seal.sealedAt, language)),
      button: confirm.put.button,
    }
  },
  'vault.open': async ({ id, to, files }, ask, language) => {
    const { confirm } = wordsOf(language)
    const seal = found(
      (await ask('vault.list', {})).find((known) => known.id === id),
      'seal',
    )
    const names = files ?? seal.names
    return {
      message: confirm.open.message(printable(seal.server), printable(seal.label)),
      detail: confirm.open.detail(printable(to), names.map(printable)),
      button: confirm.open.button,
    }
  },
  'vault.export': async ({ id, to }, ask, language) => {
    const { confirm } = wordsOf(language)
    const seal = found(
      (await ask('vault.list', {})).find((known) => known.id === id),
      'seal',
    )
    return {
      message: confirm.export.message(printable(seal.server), printable(seal.label)),
      detail: confirm.export.detail(printable(to)),
      button: confirm.export.button,
    }
  },
  'keychain.forget': async ({ reference }, ask, language) => {
    const { confirm } = wordsOf(language)
    const { subject } = found(
      (await ask('keychain.list', {})).find((known) => known.reference === reference),
      'secret',
    )
    const { forget } = confirm
    const what =
      reference === 'vault:passphrase'
        ? forget.vaultPassphrase
        : reference === 'vault:prints'
          ? forget.vaultPrints
          : reference.startsWith('key:')
            ? forget.passphrase
            : forget.password
    return { message: what.message(printable(subject)), detail: what.detail, button: forget.button }
  },
  'demo.remove': async (_input, ask, language) => {
    const { confirm } = wordsOf(language)
    const server = found(
      (await ask('server.list', {})).find((known) => known.demo),
      'demo server',
    )
    return {
      message: confirm.demo.message(printable(server.name)),
      detail: confirm.demo.detail,
      button: confirm.demo.button,
    }
  },
}

/**
 * The question before a call that destroys or gives away something, with names and figures that the engine gives and the
 * window can not colour. Throws `not-found` when there is nothing of the kind: then nobody needs to be asked.
 */
export function questionBefore<C extends ConfirmedCall>(
  name: C,
  input: Parsed<C>,
  ask: AskEngine,
  language: Language,
): Promise<Question> {
  return questions[name](input, ask, language)
}

type Machine = Pick<Pin, 'host' | 'port' | 'way'>

/** The servers that reach a machine this way, as the list or as ~/.ssh/config gives it, and its keys that they trust. */
async function whoTrusts({ host, port, way }: Machine, ask: AskEngine): Promise<{ name: string; pins: Pin[] }[]> {
  const isThere = (one: Pick<Pin, 'host' | 'port'>): boolean => one.host === host && one.port === port
  const all = await Promise.all(
    (await ask('server.list', {})).map(async (server) => {
      // a configuration that can not be read keeps nobody from forgetting a key
      const pins = await ask('pin.list', { serverId: server.id }).catch(() => null)
      const those = (pins ?? []).filter((pin) => isThere(pin) && pin.way === way)
      return { name: server.name, pins: those, named: pins === null && isThere(server) }
    }),
  )
  return all.filter(({ pins, named }) => named || pins.length > 0)
}

function found<T>(subject: T | undefined, what: string): T {
  if (subject === undefined) throw new LifeboatFailure('not-found', `This ${what} is no longer in the list.`)
  return subject
}

function addressOf({ user, host, port }: Server): string {
  return printable(`${user === '' ? '' : `${user}@`}${host}:${port}`)
}

function readableTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** In powers of 1000, as the window shows sizes. */
export function readableSize(bytes: number, language: Language): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power)
}
