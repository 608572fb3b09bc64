import { LifeboatFailure } from '#shared/failure.ts'
import type { DumpFileReport } from '#shared/dump-report.ts'

/**
 * A dump that we took is kept only when it is whole. One that is whole but could not be checked in every row, because a
 * row is too long or its encoding is not known here, is kept too: its rung `readable` then says *not checked*, and to
 * throw it away would leave the operator with nothing.
 * Throws `dump-cut`, `dump-refused` or `dump-damaged`.
 */
export function requireWhole(report: DumpFileReport): void {
  const detail = report.findings.map((finding) => finding.detail).join('\n')
  switch (report.outcome) {
    case 'proven':
      return
    case 'not-checked':
      if (report.format === 'plain' && report.dumps > 0 && report.endMarkers >= report.dumps) return
      throw new LifeboatFailure('dump-damaged', 'What arrived is no dump that can be read.', { detail })
    case 'damaged': {
      const message = `pg_dump ended cleanly, but its ${report.bytes} bytes are no whole dump.`
      throw new LifeboatFailure('dump-cut', message, { detail })
    }
    case 'refused':
      throw new LifeboatFailure('dump-refused', 'What arrived holds commands that pg_dump never writes.', { detail })
  }
}
