import { z } from 'zod'
import { newDatabaseSchema, type NewDatabase, type SourceProof } from '#shared/database.ts'

/** The form's own shape: flat text, as inputs have it. */
export interface DatabaseForm {
  label: string
  placeKind: 'compose' | 'container' | 'host'
  dir: string
  file: string
  service: string
  project: string
  container: string
  dbname: string
  dbuser: string
  backups: string
  /** one path a line */
  env: string
  format: 'auto' | 'zstd' | 'gzip'
  sourceProof: SourceProof
  verifyAfter: boolean
  driftCheck: boolean
  image: string
}

export const emptyForm: DatabaseForm = {
  label: '',
  placeKind: 'compose',
  dir: '',
  file: '',
  service: '',
  project: '',
  container: '',
  dbname: '',
  dbuser: 'postgres',
  backups: '',
  env: '',
  format: 'auto',
  sourceProof: 'fingerprints',
  verifyAfter: false,
  driftCheck: true,
  image: '',
}

export function formOf(database: NewDatabase): DatabaseForm {
  const { place } = database
  return {
    label: database.label,
    placeKind: place.kind,
    dir: place.kind === 'compose' ? place.dir : '',
    file: place.kind === 'compose' ? (place.file ?? '') : '',
    service: place.kind === 'compose' ? place.service : '',
    project: place.kind === 'compose' ? (place.project ?? '') : '',
    container: place.kind === 'container' ? place.container : '',
    dbname: database.dbname,
    dbuser: database.dbuser,
    backups: database.backups ?? '',
    env: (database.env ?? []).join('\n'),
    format: database.format ?? 'auto',
    sourceProof: database.sourceProof ?? 'fingerprints',
    verifyAfter: database.verifyAfter ?? false,
    driftCheck: database.driftCheck ?? true,
    image: database.image ?? '',
  }
}

function placeOf(form: DatabaseForm): NewDatabase['place'] {
  switch (form.placeKind) {
    case 'compose':
      return {
        kind: 'compose',
        dir: form.dir.trim(),
        file: form.file.trim() || null,
        service: form.service.trim(),
        project: form.project.trim() || null,
      }
    case 'container':
      return { kind: 'container', container: form.container.trim() }
    case 'host':
      return { kind: 'host' }
  }
}

export function databaseOf(server: string, form: DatabaseForm): NewDatabase {
  return {
    server,
    label: form.label,
    place: placeOf(form),
    dbname: form.dbname.trim(),
    dbuser: form.dbuser.trim(),
    backups: form.backups.trim() || null,
    env: form.env
      .split('\n')
      .map((path) => path.trim())
      .filter((path) => path !== ''),
    format: form.format,
    sourceProof: form.sourceProof,
    verifyAfter: form.verifyAfter,
    driftCheck: form.driftCheck,
    image: form.image.trim() || null,
  }
}

export type FieldFault = 'needed' | 'name' | 'absolute'

const absolute = z.string().startsWith('/')

/** What is wrong, by field, as names that the locale words. The contract's schema has the last word on the label. */
export function faultsOf(form: DatabaseForm): Partial<Record<keyof DatabaseForm, FieldFault>> {
  const faults: Partial<Record<keyof DatabaseForm, FieldFault>> = {}
  const needed: Exclude<keyof DatabaseForm, 'verifyAfter' | 'driftCheck'>[] = ['label', 'dbname', 'dbuser']
  if (form.placeKind === 'compose') needed.push('dir', 'service')
  if (form.placeKind === 'container') needed.push('container')
  for (const field of needed) if (form[field].trim() === '') faults[field] = 'needed'
  if (!faults.label && !newDatabaseSchema.shape.label.safeParse(form.label).success) faults.label = 'name'
  const paths = databaseOf('-', form)
  if (form.placeKind === 'compose' && !faults.dir && !absolute.safeParse(form.dir.trim()).success)
    faults.dir = 'absolute'
  if (paths.backups && !absolute.safeParse(paths.backups).success) faults.backups = 'absolute'
  if (paths.env?.some((path) => !absolute.safeParse(path).success)) faults.env = 'absolute'
  return faults
}
