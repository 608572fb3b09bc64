import { useTranslation } from 'react-i18next'
import type { Verification, VerifyFinding } from '#shared/verification.ts'
import { verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'

/** The remedy as a button, where it is one: what the built-in PostgreSQL can not have, a container can. */
export function FindingRemedy({ finding, verification }: { finding: VerifyFinding; verification: Verification }) {
  const { t } = useTranslation()
  if (finding.class !== 'unchecked' || verification.engine?.kind !== 'embedded' || finding.remedy === null) return null
  if (!/docker/i.test(finding.remedy)) return null
  const { copyId, file } = verification
  const target = copyId === null ? ({ kind: 'file', file } as const) : ({ kind: 'copy', id: copyId } as const)
  return (
    <Button small onClick={() => void verifyAndWatch(target, { engine: 'docker' })}>
      {t('action.verifyInDocker')}
    </Button>
  )
}
