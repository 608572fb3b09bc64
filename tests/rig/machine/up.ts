import { mkdirSync } from 'node:fs'
import { describeRig } from './describe.ts'
import { seed, untilReady } from './databases.ts'
import { startDocker } from './dockerd.ts'
import { makeImage, makeWebImage } from './images.ts'
import { clientKeys } from './keys.ts'
import { underLock } from './lock.ts'
import { installCompose, installPackages, machineLacks } from './packages.ts'
import { makeProject, startEnvironment } from './project.ts'
import { say } from './run.ts'
import { startSshd } from './sshd.ts'
import { makeAccounts } from './users.ts'
import { cacheDir, inner, logDir, outer, rigDir } from './where.ts'

/** Brings up what is missing of the rig and leaves all the rest alone. */
async function up(): Promise<void> {
  for (const folder of [rigDir, logDir, cacheDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  await installPackages()
  await installCompose()
  const dockerPid = await startDocker()

  const { stranger, ...welcome } = await clientKeys()
  await makeAccounts(Object.values(welcome).map((key) => key.publicKey))
  const sshds = { ssh: await startSshd('outer', outer), inner: await startSshd('inner', inner) }

  await makeImage(18)
  await makeWebImage()
  await makeProject()
  const prod = await startEnvironment('prod')
  await untilReady(prod)
  await seed({ container: prod, user: 'produser', dbname: 'agentcard_prod' }, ['app.sql'], { cards: '12000' })
  const test = await startEnvironment('test')
  await untilReady(test)
  await seed({ container: test, user: 'testuser', dbname: 'agentcard_test' }, ['app.sql'], { cards: '600' })
  describeRig({ dockerPid, ...sshds, keys: { ...welcome, stranger } })
}

const lacking = machineLacks()
if (lacking !== null) {
  say(lacking)
  process.exit(3)
}
underLock()
const started = performance.now()
await up()
say(`up (${((performance.now() - started) / 1000).toFixed(1)} s)`)
