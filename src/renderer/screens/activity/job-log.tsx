import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver, type Job, type LogLine } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { copyText } from '../../actions/desktop.ts'
import { call } from '../../bridge.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Fold } from '../../parts/fold.tsx'
import { useFormat } from '../../words/format.ts'

const rereadMs = 1_500

/** What the job wrote down, read when it is unfolded and again while the job runs. */
export function JobLog({ job }: { job: Job }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Fold label={t('job.log')} onOpenChange={setOpen}>
      {open && <Lines job={job} />}
    </Fold>
  )
}

function Lines({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [lines, setLines] = useState<readonly LogLine[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const over = isOver(job.state)
  useEffect(() => {
    let wanted = true
    const read = (): void =>
      void call('job.log', { id: job.id }).then(
        (read) => {
          if (!wanted) return
          setLines(read)
          setFailure(null)
        },
        (error: unknown) => wanted && setFailure(toFailure(error)),
      )
    read()
    const timer = over ? undefined : setInterval(read, rereadMs)
    return () => {
      wanted = false
      clearInterval(timer)
    }
  }, [job.id, over])
  // what was read stays, and is read again while the job runs
  if (!lines && failure) return <FailureNote failure={failure} />
  if (!lines) return <p className="text-sm text-ink-3">{t('state.loading')}</p>
  if (lines.length === 0) return <p className="text-sm text-ink-3">{t('job.logEmpty')}</p>
  const text = lines.map((line) => `${format.time(line.at)}  ${printable(line.text)}`).join('\n')
  return (
    <div className="flex flex-col items-start gap-2">
      <pre
        tabIndex={0}
        aria-label={t('job.log')}
        className="selectable max-h-64 w-full overflow-auto rounded-control border bg-sunken p-2.5 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
      <Button small onClick={() => copyText(text)}>
        {t('action.copyText')}
      </Button>
    </div>
  )
}
