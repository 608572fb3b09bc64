import { useTranslation } from 'react-i18next'
import type { SandboxRow } from '#shared/sandbox.ts'
import { useNow } from '../../stores/now.ts'
import { useFormat } from '../../words/format.ts'

/** How long a sandbox is still kept, or that something works in it. */
export function SandboxTime({ sandbox }: { sandbox: SandboxRow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow((state) => state.now)
  if (sandbox.until === null) return t('sandbox.busy')
  const left = Math.max(0, (new Date(sandbox.until).getTime() - now.getTime()) / 1000)
  return left < 60
    ? t('sandbox.keptUnderMinute')
    : t('sandbox.keptFor', { span: format.duration(Math.round(left / 60) * 60) })
}
