import { fingerprintSchema, newServerSchema, type NewServer, type Server } from '#shared/server.ts'

/** The form's own shape: flat text, as inputs have it. */
export interface ServerForm {
  name: string
  host: string
  port: string
  user: string
  auth: 'auto' | 'agent' | 'key' | 'password'
  keyFile: string
  /** empty: reached directly */
  jump: string
  hostKey: string
  configHost: string
  sudo: boolean
}

export const emptyServerForm: ServerForm = {
  name: '',
  host: '',
  port: '22',
  user: '',
  auth: 'auto',
  keyFile: '',
  jump: '',
  hostKey: '',
  configHost: '',
  sudo: false,
}

export function serverFormOf(server: Server): ServerForm {
  return {
    name: server.name,
    host: server.host,
    port: String(server.port),
    user: server.user,
    auth: server.auth.kind,
    keyFile: server.auth.kind === 'key' ? server.auth.file : '',
    jump: server.jump ?? '',
    hostKey: server.hostKey ?? '',
    configHost: server.configHost ?? '',
    sudo: server.sudo,
  }
}

export function serverOf(form: ServerForm): NewServer {
  return {
    name: form.name.trim() || form.host.trim(),
    host: form.host.trim(),
    port: Number(form.port),
    user: form.user.trim(),
    auth: form.auth === 'key' ? { kind: 'key', file: form.keyFile.trim() } : { kind: form.auth },
    jump: form.jump || null,
    hostKey: form.hostKey.trim() || null,
    configHost: form.configHost || null,
    sudo: form.sudo,
  }
}

export type ServerFault = 'needed' | 'name' | 'port' | 'fingerprint' | 'taken'

/** What is wrong, by field. `taken`: names of the other servers. */
export function serverFaultsOf(
  form: ServerForm,
  taken: readonly string[],
): Partial<Record<keyof ServerForm, ServerFault>> {
  const faults: Partial<Record<keyof ServerForm, ServerFault>> = {}
  const { shape } = newServerSchema
  const server = serverOf(form)
  if (form.host.trim() === '') faults.host = 'needed'
  else if (!shape.name.safeParse(server.name).success) faults.name = 'name'
  else if (taken.includes(server.name.normalize('NFC'))) faults.name = 'taken'
  if (!/^\d+$/.test(form.port.trim()) || !shape.port.safeParse(server.port).success) faults.port = 'port'
  if (form.auth === 'key' && form.keyFile.trim() === '') faults.keyFile = 'needed'
  if (server.hostKey && !fingerprintSchema.safeParse(server.hostKey).success) faults.hostKey = 'fingerprint'
  return faults
}
