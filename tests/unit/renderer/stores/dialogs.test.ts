import { expect, test } from 'vitest'
import { useDialog, type OpenDialog } from '../../../../src/renderer/stores/dialog.ts'
import { useModals } from '../../../../src/renderer/stores/modals.ts'
import { useVaultDialog } from '../../../../src/renderer/stores/vault-dialog.ts'

test('a dialog that is done closes itself, and none that was opened in its place', () => {
  const first: OpenDialog = { kind: 'server', serverId: 's' }
  const second: OpenDialog = { kind: 'database', databaseId: 'd' }
  const { show, close } = useDialog.getState()
  show(first)
  show(second)
  close(first)
  expect(useDialog.getState().dialog).toBe(second)
  close(second)
  expect(useDialog.getState().dialog).toBeNull()
})

test('the same in the vault, also for the same seal asked for again', () => {
  const [first, again] = [
    { kind: 'put' as const, sealId: 'v' },
    { kind: 'put' as const, sealId: 'v' },
  ]
  const { show, close } = useVaultDialog.getState()
  show(first)
  show(again)
  close(first)
  expect(useVaultDialog.getState().dialog).toBe(again)
  close(again)
  expect(useVaultDialog.getState().dialog).toBeNull()
})

test('of two dialogs, one over the other, the lower one still counts when the upper one is closed', () => {
  const { enter } = useModals.getState()
  const [lower, upper] = [enter(), enter()]
  upper()
  expect(useModals.getState().open).toBe(1)
  lower()
  expect(useModals.getState().open).toBe(0)
})
