import { LifeboatFailure, type FailureKind } from '#shared/failure.ts'

const kinds: Record<string, FailureKind> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EACCES: 'folder-refused',
  EPERM: 'folder-refused',
  EROFS: 'folder-refused',
  ENOTDIR: 'folder-refused',
  ELOOP: 'folder-refused',
  EEXIST: 'folder-refused',
}

const reasons: Partial<Record<FailureKind, string>> = {
  'disk-full': 'the disk is full',
  'folder-refused': 'this folder does not let Lifeboat write',
  'disk-failed': 'the disk refused',
}

/** The code that the system gave an error (`ENOSPC`), '' for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/**
 * An error of the local disk as a failure.
 * @param what what could not be done, as the begin of a sentence: `The copy could not be written`
 */
export function diskFailure(error: unknown, what: string): LifeboatFailure {
  if (error instanceof LifeboatFailure) return error
  const kind = kinds[errorCode(error)] ?? 'disk-failed'
  return new LifeboatFailure(kind, `${what}: ${reasons[kind] ?? 'the disk refused'}.`, { cause: error })
}
