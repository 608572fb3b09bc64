import { useTranslation } from 'react-i18next'
import type { Seal } from '#shared/vault.ts'
import { writeToFolder } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/select.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useSeals } from '../../stores/seals.ts'
import { useVaultDialog } from '../../stores/vault-dialog.ts'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'

const none = ''

/** What can be done with an opened seal. */
export function SealActions({ seal }: { seal: Seal }) {
  const { t } = useTranslation()
  const show = useVaultDialog((state) => state.show)
  const known = useDatabases((state) =>
    (state.value ?? []).some(({ serverName, label }) => serverName === seal.server && label === seal.label),
  )
  return (
    <>
      <Button onClick={() => writeToFolder(seal.id)}>{t('vault.writeOut')}</Button>
      {known && <Button onClick={() => show({ kind: 'put', sealId: seal.id })}>{t('vault.putOpen')}</Button>}
      <Button onClick={() => show({ kind: 'export', sealId: seal.id })}>{t('vault.exportOpen')}</Button>
      <CompareWith seal={seal} />
    </>
  )
}

/** Another seal of the same database, to see what became of each key. */
function CompareWith({ seal }: { seal: Seal }) {
  const { t } = useTranslation()
  const format = useFormat()
  const go = useView((state) => state.go)
  const seals = useSeals((state) => state.value)
  const others = (seals ?? []).filter(
    ({ id, server, label }) => id !== seal.id && server === seal.server && label === seal.label,
  )
  if (others.length === 0) return null
  const compare = (id: string): void => {
    const other = others.find((each) => each.id === id)
    if (!other) return
    const [left, right] = other.sealedAt <= seal.sealedAt ? [other, seal] : [seal, other]
    go({ screen: 'seal-difference', left: left.id, right: right.id })
  }
  return (
    <Select
      silent
      className="w-48"
      label={t('vault.compareWith')}
      value={none}
      onChange={compare}
      choices={[
        { value: none, label: t('vault.compareWith') },
        ...others.map(({ id, sealedAt }) => ({ value: id, label: format.dateTime(sealedAt) })),
      ]}
    />
  )
}
