import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import type { Seal } from '#shared/vault.ts'
import { hereEntries } from '../../../../src/renderer/palette/here-entries.ts'
import { useOpenSeal } from '../../../../src/renderer/stores/open-seal.ts'
import { useSeals } from '../../../../src/renderer/stores/seals.ts'
import { databases, hoursAgo, sample } from '../../../app/support/sample-data.ts'

const t = ((key: string) => key) as TFunction
const { serverName, label } = sample(databases, 0)
const seal: Seal = {
  id: 'v',
  server: serverName,
  label,
  file: '/v.gpg',
  bytes: 1,
  sealedAt: hoursAgo(1),
  kind: 'passphrase',
  recipients: [],
  names: [],
  files: [],
  from: 'server',
  look: 'same',
  driftReady: false,
}

test('a seal is put back, written out and exported only once it is open, as on its page', () => {
  const offered = () => hereEntries({ screen: 'seal', id: 'v' }, databases, t).map(({ id }) => id)
  useSeals.setState({ value: [seal] })
  expect(offered()).toEqual([])
  useOpenSeal.setState({ id: 'v', seal: { ...seal, contents: [] } })
  expect(offered()).toEqual(['seal write', 'seal put', 'seal export'])
  useOpenSeal.getState().shut()
  expect(offered()).toEqual([])
})
