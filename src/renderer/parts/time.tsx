import { useFormat } from '../words/format.ts'
import { useNow } from '../stores/now.ts'

interface TimeProps {
  iso: string
  /** the zone of the server that the time belongs to */
  zone?: string | null
}

/** "5 hours ago", with the moment itself and the server's own time on hovering. */
export function Ago({ iso, zone }: TimeProps) {
  const format = useFormat()
  const now = useNow((state) => state.now)
  return (
    <time dateTime={iso} title={`${format.exactTime(iso)}\n${format.elsewhere(iso, zone)}`}>
      {format.ago(iso, now)}
    </time>
  )
}

export function Moment({ iso, zone, exact = false }: TimeProps & { exact?: boolean }) {
  const format = useFormat()
  return (
    <time dateTime={iso} title={format.elsewhere(iso, zone)} className="whitespace-nowrap">
      {exact ? format.exactTime(iso) : format.dateTime(iso)}
    </time>
  )
}
