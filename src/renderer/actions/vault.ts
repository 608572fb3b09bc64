import i18next from 'i18next'
import type { Input } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { EnvLine, ExportFormat } from '#shared/vault.ts'
import { call } from '../bridge.ts'
import { useDrifts } from '../stores/drifts.ts'
import { useNotices } from '../stores/notices.ts'
import { useReveal, type Place } from '../stores/reveal.ts'
import { useRecipients, useVaultState } from '../stores/seals.ts'
import { useView } from '../stores/view.ts'
import { chooseFile, chooseFolder } from './desktop.ts'
import { perform, words } from './perform.ts'

export interface Sealable {
  server: string
  label: string
  databaseId: string
}

/** Proves the passphrase on the newest seal, or on this one; the engine asks for it. */
export function unlockVault(id?: string): void {
  void quietly(words()('vault.unlock'), async () => {
    useVaultState.setState({ value: await call('vault.unlock', id === undefined ? {} : { id }) })
  })
}

export function lockVault(): void {
  useReveal.getState().release()
  void perform(words()('vault.lock'), async () => {
    useVaultState.setState({ value: await call('vault.lock', {}) })
  })
}

/** Whoever closes the question for a passphrase knows that nothing was opened. */
export async function quietly(what: string, action: () => Promise<void>): Promise<boolean> {
  return perform(what, async () => {
    try {
      await action()
    } catch (error) {
      if (error instanceof LifeboatFailure && error.kind === 'answer-needed')
        throw new LifeboatFailure('cancelled', error.message)
      throw error
    }
  })
}

/** True when it has begun. */
export async function sealFiles(database: Sealable, how: Omit<Input<'vault.seal'>, 'databaseId'>): Promise<boolean> {
  const t = words()
  return perform(t('vault.seal'), async () => {
    await call('vault.seal', { databaseId: database.databaseId, ...how })
    const { server, label } = database
    useNotices.getState().tell({
      kind: 'plain',
      title: t('vault.sealStarted'),
      subject: { server, label },
      action: { label: t('action.showActivity'), run: () => useView.getState().go({ screen: 'activity' }) },
    })
  })
}

/** Is the newest seal still what the server has? */
export function compareWithServer(databaseId: string): void {
  void perform(words()('vault.compareNow'), () => useDrifts.getState().compare(databaseId))
}

/** Shows one value until it is released. */
export function holdValue(place: Place): void {
  void quietly(words()('vault.reveal'), () => useReveal.getState().hold(place))
}

/** One value to the clipboard, past the window. */
export function copyValue(place: Place, line: EnvLine): void {
  const t = words()
  void quietly(t('vault.copyValue'), async () => {
    const { seconds } = await call('shell.copySecret', place)
    const name = line.kind === 'entry' ? printable(line.key) : t('vault.line', { line: line.line })
    useNotices.getState().tell({
      kind: 'plain',
      title: t('vault.copied', { name }),
      text: t('vault.copiedText', { count: seconds }),
    })
  })
}

/** All files of a seal into a folder that the operator names. */
export function writeToFolder(id: string): void {
  const t = words()
  void quietly(t('vault.writeOut'), async () => {
    const to = await chooseFolder(null)
    if (to === null) return
    const { folder, files } = await call('vault.open', { id, to })
    useNotices.getState().tell({
      kind: 'plain',
      title: t('vault.written', { count: files.length }),
      text: t('vault.writtenText', { folder: printable(folder) }),
    })
  })
}

/** A file IN CLEAR for a password manager. True when it was written. */
export async function exportSeal(id: string, format: ExportFormat): Promise<boolean> {
  const t = words()
  let written = false
  await quietly(t('vault.export'), async () => {
    const to = await chooseFolder(null)
    if (to === null) return
    const { file, entries, notWhole } = await call('vault.export', { id, format, to })
    written = true
    const title = t('vault.exported', { count: entries })
    const text = t('vault.exportedText', { file: printable(file) })
    const missing = t('vault.exportedNotWhole', { files: notWhole.map(printable).join(t('vault.between')) })
    // what is missing in it stays on the screen until somebody has seen it
    useNotices
      .getState()
      .tell(
        notWhole.length > 0 ? { kind: 'failure', title, text: `${missing}\n${text}` } : { kind: 'plain', title, text },
      )
  })
  return written
}

/** One file back to its server. The shell asks with the server's name. True when it has begun. */
export async function putOnServer(input: Input<'vault.put'>): Promise<boolean> {
  const t = words()
  return quietly(t('vault.put'), async () => {
    await call('vault.put', input)
    useNotices.getState().tell({
      kind: 'plain',
      title: t('vault.putStarted'),
      action: { label: t('action.showActivity'), run: () => useView.getState().go({ screen: 'activity' }) },
    })
  })
}

/** Public keys of a file; their fingerprints. */
export async function importRecipient(): Promise<string[]> {
  let known: string[] = []
  await perform(words()('vault.importKey'), async () => {
    const file = await chooseFile('public-key')
    if (file === null) return
    known = (await call('vault.importRecipient', { file })).map(({ fingerprint }) => fingerprint)
    await useRecipients.getState().refresh()
  })
  return known
}

export function removeRecipient(fingerprint: string): void {
  void perform(words()('vault.removeKey'), async () => {
    await call('vault.removeRecipient', { fingerprint })
    await useRecipients.getState().refresh()
  })
}

/** The recovery sheet in the language of the window. */
export async function recoverySheet(): Promise<string> {
  const language = i18next.language === 'zh-CN' ? 'zh-CN' : 'en'
  return (await call('vault.recoverySheet', { language })).text
}

export function saveSheet(text: string): void {
  const t = words()
  void perform(t('vault.sheet'), async () => {
    const { file } = await call('shell.saveText', { name: t('vault.sheetFile'), text })
    if (file !== null)
      useNotices.getState().tell({ kind: 'plain', title: t('vault.sheetSaved'), text: printable(file) })
  })
}
