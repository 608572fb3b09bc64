import { mkdirSync } from 'node:fs'
import { makeBackups } from './backups.ts'
import { composeDatabase, describeRig } from './describe.ts'
import { seed, untilReady } from './databases.ts'
import { startDocker } from './dockerd.ts'
import { makeImage, makeWebImage } from './images.ts'
import { startHostCluster } from './hostcluster.ts'
import { clientKeys } from './keys.ts'
import { underLock } from './lock.ts'
import { startNeighbours } from './neighbours.ts'
import { installCompose, installPackages, machineLacks } from './packages.ts'
import { makeProject, startEnvironment } from './project.ts'
import type { RigDatabase } from './rig.ts'
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
  const databases = [await startProd(), await startTest()]
  databases.push(await startHostCluster(), ...(await startNeighbours()))
  const backups = await makeBackups()
  describeRig({ dockerPid, ...sshds, keys: { ...welcome, stranger }, databases, backups })
}

async function startProd(): Promise<RigDatabase> {
  const container = await startEnvironment('prod')
  await untilReady(container)
  const hard = ['hard-values.sql', 'hard-names.sql', 'hard-structure.sql', 'hard-18.sql', 'settings.sql']
  await seed({ container, user: 'produser', dbname: 'agentcard_prod' }, ['app.sql', ...hard], { cards: '12000' })
  return composeDatabase('prod')
}

async function startTest(): Promise<RigDatabase> {
  const container = await startEnvironment('test')
  await untilReady(container)
  await seed({ container, user: 'testuser', dbname: 'agentcard_test' }, ['app.sql'], { cards: '600' })
  return composeDatabase('test')
}

const lacking = machineLacks()
if (lacking !== null) {
  say(lacking)
  process.exit(3)
}
underLock()
const started = performance.now()
try {
  await up()
} catch (error) {
  // The reason alone stands in the last line: it is what a caller passes on.
  if (error instanceof Error) say(error.stack ?? '')
  say(`could not come up: ${error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error)}`)
  process.exit(1)
}
say(`up (${((performance.now() - started) / 1000).toFixed(1)} s)`)
