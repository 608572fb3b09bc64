import { fstatSync, writeFileSync } from 'node:fs'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { wordsIn } from './language.ts'

/** Where results and progress go: results to stdout, everything else to stderr. */
export type Terminal = {
  /** exactly one JSON object with --json, the lines otherwise */
  result(json: object, lines: readonly string[]): void
  failure(error: unknown): Failure
  progress(job: Job): void
  /** a remark beside the result; silent with --json */
  note(text: string): void
}

export function createTerminal(json: boolean, locale: 'en' | 'zh-CN'): Terminal {
  const say = wordsIn(locale)
  const isTerminal = process.stderr.isTTY
  const clear = (): void => {
    if (isTerminal) process.stderr.write('\r\x1b[K')
  }
  let lastStep = ''
  return {
    result(value, lines) {
      clear()
      print(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''))
    },
    failure(error) {
      clear()
      const failure = toFailure(error)
      if (json) print(`${JSON.stringify({ ok: false, failure })}\n`)
      else {
        const said = say.failure(failure.kind, printable(failure.message))
        process.stderr.write(`${said}\n  ${say.remedy(failure.remedy)}\n`)
        if (failure.detail) process.stderr.write(`${indent(failure.detail)}\n`)
      }
      return failure
    },
    progress(job) {
      if (isOver(job.state)) return
      if (isTerminal) process.stderr.write(`\r\x1b[K${progressLine(job, locale).slice(0, process.stderr.columns - 1)}`)
      else if (!json && job.step !== lastStep) {
        lastStep = job.step
        process.stderr.write(`${printable(job.subject)}: ${job.step}\n`)
      }
    },
    note(text) {
      clear()
      if (!json) process.stderr.write(`${text}\n`)
    },
  }
}

/** To a file in one piece: on a full disk Node's stream takes the part that fitted for all of it. */
function print(text: string): void {
  const { stdout } = process
  if (!fstatSync(stdout.fd).isFile()) {
    stdout.write(text)
    return
  }
  try {
    writeFileSync(stdout.fd, text)
  } catch (error) {
    stdout.emit('error', error)
  }
}

function progressLine(job: Job, locale: string): string {
  const what = `${printable(job.subject)}  ${job.step}${job.stepDetail ? ` ${printable(job.stepDetail)}` : ''}`
  if (job.bytesTotal !== null && job.bytesTotal > 0) {
    const part = Math.min(1, job.bytesDone / job.bytesTotal)
    const full = Math.round(part * 24)
    return `${what}  ${'█'.repeat(full)}${'░'.repeat(24 - full)} ${bytesText(job.bytesDone, locale)} / ${bytesText(job.bytesTotal, locale)}`
  }
  return job.bytesDone > 0 ? `${what}  ${bytesText(job.bytesDone, locale)}` : what
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  │ ${printable(line)}`)
    .join('\n')
}

/** Decimal units, as the window shows them. */
export function bytesText(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power)
}
