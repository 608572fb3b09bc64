import { docker, dockerAnswers } from './dockerd.ts'
import { rig, rigMissing } from './rig.ts'

/** Prints, as one JSON object without secrets, what stands of the rig. Exit code 0 when all of it does. */
const why = rigMissing()
if (why !== null) {
  console.log(JSON.stringify({ up: false, why }))
  process.exit(1)
}
const { ssh, inner, users, databases, backups } = rig()
const containers = new Map<string, string>()
if (await dockerAnswers()) {
  for (const line of (await docker('ps', '-a', '--format', '{{.Names}} {{.State}}')).split('\n')) {
    const [name = '', state = ''] = line.split(' ')
    containers.set(name, state)
  }
}
const states = databases.map(({ label, place, dbname, major }) => {
  const state = place.kind === 'host' ? 'on the host' : (containers.get(place.container) ?? 'missing')
  return { label, major, dbname, place: place.kind, state }
})
const up = states.every(({ state }) => state === 'running' || state === 'on the host')
const summary = {
  up,
  ssh: `${ssh.host}:${ssh.port}`,
  inner: `${inner.host}:${inner.port}`,
  users: Object.values(users).map(({ name, login }) => `${name} (${login})`),
  databases: states,
  backups: backups.map(({ path, state }) => `${path.split('/').at(-1)} (${state})`),
}
console.log(JSON.stringify(summary, null, 2))
process.exit(up ? 0 : 1)
