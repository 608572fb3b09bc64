import { basename } from 'node:path'
import { lstat } from 'node:fs/promises'
import type { Parsed } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { isAlive } from '#engine/disk/owner.ts'
import type { Verification } from '#shared/verification.ts'
import { copyBefore } from '#engine/copies/before.ts'
import { readCopy } from '#engine/copies/show.ts'
import type { JobTools, NewJob } from '#engine/jobs/run.ts'
import { unproven } from '#engine/verification/choose.ts'
import { stillStored } from '#engine/verification/check.ts'
import { keepEvidence } from '#engine/verification/keep-evidence.ts'
import { watchVerification, type Live } from '#engine/verification/live.ts'
import { verifyDump, type Verify } from '#engine/verification/verify.ts'
import type { Context, Handlers } from './context.ts'
import { openSandbox } from './sandbox.ts'

type Words = Extract<keyof Handlers, `verify.${string}`>
type Wish = Pick<Parsed<'verify.start'>, 'engine' | 'image' | 'keep'>
type Subject = Pick<Verify, 'file' | 'copy' | 'subject' | 'before'> & { image: string | null }

/** Restoring copies and files in a sandbox. One at a time: each of them wants the whole computer. */
export function verifyHandlers(context: Context): Pick<Handlers, Words> {
  const { live, results } = context.verifications
  return {
    'verify.start': async ({ target, ...wish }) => ({
      jobId:
        target.kind === 'copy'
          ? (await startVerification(context, target.id, wish)).jobId
          : await verifyFile(context, target.file, wish),
    }),
    'verify.all': async () => {
      const { copies } = context.catalogue.copies.list({ sort: 'taken', descending: true, offset: 0, limit: 20_000 })
      // also what the terminal verifies beside the window
      const underWay = context.catalogue.jobs.underWay(isAlive)
      const busy = new Set(underWay.flatMap((job) => (job.kind === 'verify' ? job.copyIds : [])))
      const jobIds: string[] = []
      for (const { id } of unproven(copies)) {
        if (!busy.has(id)) jobIds.push((await startVerification(context, id, { keep: false })).jobId)
      }
      return { jobIds }
    },
    'verify.live': async ({ jobId }) => live.get(jobId)?.state() ?? null,
    'verify.result': async ({ jobId }) => results.get(jobId) ?? (await storedResult(context, jobId)),
  }
}

/** Queues the verification of a copy. */
export async function startVerification(context: Context, id: string, wish: Wish): Promise<{ jobId: string }> {
  const { catalogue, jobs } = context
  const row = catalogue.copies.get(id)
  if (!row) throw new LifeboatFailure('not-found', 'There is no such copy.')
  const database = catalogue.databases.list().find((each) => each.serverName === row.server && each.label === row.label)
  const wanted: NewJob = {
    kind: 'verify',
    subject: `${row.server}/${row.label}`,
    serverId: database?.server ?? null,
    databaseId: database?.id ?? null,
    copyIds: [row.id],
    key: 'verify',
  }
  const job = jobs.start(wanted, async (tools) => {
    // as it is when its turn has come
    const copy = await readCopy(catalogue, row.id)
    const earlier = await copyBefore(catalogue, copy)
    const image = database?.image ?? null
    const subject: Subject = { file: copy.file, copy, subject: wanted.subject, before: earlier?.tables ?? null, image }
    const before = await lstat(copy.file).catch(() => null)
    const result = await run(context, subject, wish, tools)
    const now = await keepEvidence(catalogue, copy, result, before)
    context.changed('copy')
    return { outcome: now ? stillStored(now, result.outcome) : result.outcome }
  })
  return { jobId: job.id }
}

async function verifyFile(context: Context, file: string, wish: Wish): Promise<string> {
  const found = await lstat(file).catch(() => null)
  if (!found?.isFile()) throw new LifeboatFailure('copy-missing', `${file} is not there or is no plain file.`)
  const job = context.jobs.start({ kind: 'verify', subject: basename(file), key: 'verify' }, async (tools) => {
    const subject: Subject = { file, copy: null, subject: basename(file), before: null, image: null }
    return { outcome: (await run(context, subject, wish, tools)).outcome }
  })
  return job.id
}

async function run(context: Context, subject: Subject, wish: Wish, tools: JobTools): Promise<Verification> {
  const { catalogue, now, version, verifications } = context
  const settings = catalogue.settings.get()
  const live: Live = watchVerification(
    { jobId: tools.jobId, copyId: subject.copy?.id ?? null, subject: subject.subject },
    {
      onChange: (value) => {
        context.emit({ name: 'verification', value })
        tools.report.rows(value.rows)
        tools.report.bytes(value.bytes, value.bytesTotal)
      },
      clock: () => performance.now(),
    },
  )
  verifications.live.set(tools.jobId, live)
  try {
    const result = await verifyDump(
      {
        ...subject,
        engine: wish.engine ?? settings.sandbox,
        image: wish.image ?? subject.image,
        keepUntil: wish.keep ? () => new Date(now().getTime() + settings.keepSandboxMinutes * 60_000) : null,
        scratchDir: context.scratchDir,
        start: (want, signal, report) => openSandbox(context, want, signal, report),
        live,
        version,
        now,
      },
      tools,
    )
    verifications.results.set(tools.jobId, result)
    return result
  } finally {
    live.end()
    verifications.live.delete(tools.jobId)
  }
}

/** Of a job of an earlier day: the copy's manifest keeps the latest. */
async function storedResult({ catalogue }: Context, jobId: string): Promise<Verification | null> {
  const [copyId] = catalogue.jobs.get(jobId)?.copyIds ?? []
  if (copyId === undefined || catalogue.copies.get(copyId) === undefined) return null
  const { verification } = await readCopy(catalogue, copyId)
  return verification?.jobId === jobId ? verification : null
}
