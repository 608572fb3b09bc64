import type { Output } from '#shared/contract.ts'
import { toFailure } from '#shared/failure.ts'
import type { EngineFacts, SandboxChoice } from '#shared/sandbox.ts'
import { isInside } from '#engine/copies/folders.ts'
import { requireWritablePlace } from '#engine/disk/folder.ts'
import { findProgram } from '#engine/disk/programs.ts'
import { freeBytes } from '#engine/disk/space.ts'
import { sandboxEngines } from '#engine/sandbox/engines.ts'
import type { Context } from './context.ts'

type Diagnosis = Output<'doctor'>[number]

const lowSpace = 2e9
/** A daemon that hangs says nothing for longer than anybody waits. */
const daemonLimitMs = 15_000

/** What Lifeboat needs on this computer beside itself, looked at one by one, and nothing is made or changed. */
export async function diagnose(context: Context): Promise<Diagnosis[]> {
  const found = await Promise.all([
    folderOfCopies(context),
    disk(context.copiesDir()),
    keychain(context),
    sandboxes(context.catalogue.settings.get().sandbox),
    program('ssh', 'reads ~/.ssh/config as ssh itself does'),
    program('gpg', 'opens sealed archives without Lifeboat'),
  ])
  return found.flat()
}

/** The folder of the copies comes with the first copy: before that it is enough that it can be made. */
async function folderOfCopies({ catalogue, copiesDir }: Context): Promise<Diagnosis> {
  const name = 'copies'
  const dir = copiesDir()
  try {
    if ((await requireWritablePlace(dir)) === 'there') return { name, outcome: 'ok', detail: dir, remedy: null }
  } catch (error) {
    const { message: detail, remedy } = toFailure(error)
    return { name, outcome: 'problem', detail, remedy }
  }
  // a folder is made when it is chosen
  const wasThere =
    catalogue.settings.get().copiesDir !== null || catalogue.copies.files().some(({ file }) => isInside(dir, file))
  if (!wasThere) return { name, outcome: 'ok', detail: `${dir}, which is made with the first copy`, remedy: null }
  const remedy = 'Connect its disk, or choose another folder.'
  return { name, outcome: 'problem', detail: `${dir} is no longer there.`, remedy }
}

async function disk(dir: string): Promise<Diagnosis> {
  const name = 'disk'
  try {
    const free = await freeBytes(dir)
    const detail = `${(free / 1e9).toFixed(1)} GB free`
    if (free > lowSpace) return { name, outcome: 'ok', detail, remedy: null }
    return { name, outcome: 'problem', detail, remedy: 'Free some space.' }
  } catch (error) {
    const { message: detail, remedy } = toFailure(error)
    return { name, outcome: 'problem', detail, remedy }
  }
}

async function keychain(context: Context): Promise<Diagnosis> {
  const name = 'keychain'
  const status = await context.keychain.status()
  if (status === 'available') return { name, outcome: 'ok', detail: 'secrets can be kept', remedy: null }
  return { name, outcome: 'missing', detail: 'secrets are asked for each time', remedy: null }
}

/** Whether Docker answers, and what a verification that begins now would restore its copy in. */
async function sandboxes(choice: SandboxChoice): Promise<Diagnosis[]> {
  const engines = await sandboxEngines(AbortSignal.timeout(daemonLimitMs))
  return [...engines.filter(({ kind }) => kind === 'docker').map(docker), sandbox(choice, engines)]
}

function docker({ available, version, reason }: EngineFacts): Diagnosis {
  const name = 'docker'
  if (available) return { name, outcome: 'ok', detail: `${version ?? 'Docker'} answers`, remedy: null }
  return { name, outcome: 'missing', detail: reason ?? '', remedy: 'Install Docker, or start it, if you want it.' }
}

function sandbox(choice: SandboxChoice, engines: readonly EngineFacts[]): Diagnosis {
  const name = 'sandbox'
  const wanted = engines.filter(({ kind }) => choice === 'auto' || kind === choice)
  const [first] = wanted.filter(({ available }) => available)
  if (first) {
    const what = `copies are restored in ${first.version ?? first.kind}`
    const detail = first.kind === 'embedded' ? `${what}, which comes with Lifeboat` : what
    return { name, outcome: 'ok', detail, remedy: null }
  }
  const reasons = wanted.flatMap(({ reason }) => reason ?? []).join(' ')
  const remedy = choice === 'auto' ? 'Install Docker, or start it.' : (wanted[0]?.remedy ?? null)
  return { name, outcome: 'problem', detail: `no copy can be restored: ${reasons}`, remedy }
}

async function program(name: string, use: string): Promise<Diagnosis> {
  const path = await findProgram(name)
  if (path) return { name, outcome: 'ok', detail: path, remedy: null }
  return { name, outcome: 'missing', detail: `not found; it ${use}`, remedy: `Install ${name} if you want that.` }
}
