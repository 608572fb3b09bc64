import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import type { Seal } from '#shared/vault.ts'
import { hereEntries } from '../../../../src/renderer/palette/here-entries.ts'
import { useJobs } from '../../../../src/renderer/stores/jobs.ts'
import { useOpenSeal } from '../../../../src/renderer/stores/open-seal.ts'
import { usePins } from '../../../../src/renderer/stores/pins.ts'
import { useSeals } from '../../../../src/renderer/stores/seals.ts'
import { useView } from '../../../../src/renderer/stores/view.ts'
import { sampleJobs } from '../../../app/support/sample-bridge.ts'
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
  const older = { ...seal, id: 'older', sealedAt: hoursAgo(30) }
  useSeals.setState({ value: [seal, { ...older, label: 'another' }, older, { ...older, id: 'oldest' }] })
  hereEntries({ screen: 'seal', id: 'v' }, databases, t).at(-1)?.run()
  expect(useView.getState().view).toEqual({ screen: 'seal-difference', left: 'older', right: 'v' })
  useOpenSeal.getState().shut()
  expect(offered()).toEqual([])
})

test('the host keys of the server that is looked at are forgotten each by itself', () => {
  const seen = { type: 'ssh-ed25519', key: 'A', fingerprint: 'SHA256:a', addedAt: hoursAgo(1) }
  const pin = { host: 'db', port: 22, way: 'door', ...seen }
  usePins.setState({ pins: { s: [pin, { ...pin, type: 'ecdsa-sha2-nistp256' }] } })
  const offered = (id: string) => hereEntries({ screen: 'server', id }, databases, t).map((entry) => entry.id)
  expect(offered('s')).toEqual(['unpin db 22 door ssh-ed25519', 'unpin db 22 door ecdsa-sha2-nistp256'])
  expect(offered('other')).toEqual([])
})

test('a verification that runs is not begun again; one that is over is, and leads to its copy', () => {
  const job = sample(sampleJobs({ verifyJob: {} }), 0)
  const offered = () => hereEntries({ screen: 'verification', jobId: job.id }, databases, t).map(({ id }) => id)
  useJobs.setState({ jobs: [{ ...job, state: 'running' }] })
  expect(offered()).toEqual([])
  useJobs.setState({ jobs: [job] })
  expect(offered()).toEqual(['verify again', 'verify show'])
})
