import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { redact } from '#shared/failure.ts'

/** A few lines about what happened to the app itself. Never what was typed, never what a server said in full. */
export interface Log {
  info(text: string): void
  /** `cause`: anything that was thrown */
  error(text: string, cause?: unknown): void
}

export interface LogOptions {
  folder: string
  name: string
  now: () => Date
  /** the file is turned over before it grows beyond this; one earlier file is kept for each of `keep` */
  maxBytes?: number
  keep?: number
}

/**
 * A log in `<folder>/<name>.log` that is small, turned over and redacted.
 * It is written at once, so that the last words before a crash are there, and a full disk never breaks the app.
 */
export function openLog({ folder, name, now, maxBytes = 512 * 1024, keep = 3 }: LogOptions): Log {
  const file = join(folder, `${name}.log`)
  const write = (level: string, text: string): void => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      turnOver(file, maxBytes, keep)
      appendFileSync(file, `${now().toISOString()} ${level} ${redact(text)}\n`, { mode: 0o600 })
    } catch {
      // Nowhere is left to say it.
    }
  }
  return {
    info: (text) => write('info', text),
    error: (text, cause) => write('error', cause === undefined ? text : `${text}: ${causeText(cause)}`),
  }
}

/** `x.log` → `x.log.1` → `x.log.2`; the oldest falls off. */
function turnOver(file: string, maxBytes: number, keep: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size < maxBytes) return
  for (let age = keep - 1; age >= 1; age -= 1) renameIfThere(`${file}.${age}`, `${file}.${age + 1}`)
  renameIfThere(file, `${file}.1`)
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to)
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
