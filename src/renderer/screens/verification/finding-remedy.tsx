import { useTranslation } from 'react-i18next'
import { remedies, type FailureKind } from '#shared/failure.ts'
import type { Verification, VerifyFinding } from '#shared/verification.ts'
import { verifyAndWatch } from '../../actions/verify.ts'
import { useWayOut } from '../../actions/way-out.ts'
import { Button } from '../../parts/button.tsx'
import { failureKindOf } from './verify-finding-words.ts'

interface FindingRemedyProps {
  finding: VerifyFinding
  verification: Verification
}

/** The remedy as a button, where it is one. */
export function FindingRemedy({ finding, verification }: FindingRemedyProps) {
  const { t } = useTranslation()
  if (finding.class !== 'unchecked') return null
  const kind = failureKindOf(finding.kind)
  if (kind !== null) return <WayOut kind={kind} message={finding.detail} />
  // What the built-in PostgreSQL can not have, a container can.
  if (verification.engine?.kind !== 'embedded' || !/docker/i.test(finding.remedy ?? '')) return null
  const { copyId, file } = verification
  const target = copyId === null ? ({ kind: 'file', file } as const) : ({ kind: 'copy', id: copyId } as const)
  return (
    <Button small onClick={() => void verifyAndWatch(target, { engine: 'docker' })}>
      {t('action.verifyInDocker')}
    </Button>
  )
}

function WayOut({ kind, message }: { kind: FailureKind; message: string }) {
  const wayOut = useWayOut({ kind, message, ...remedies[kind] })
  if (!wayOut) return null
  return (
    <Button small onClick={wayOut.run}>
      {wayOut.label}
    </Button>
  )
}
