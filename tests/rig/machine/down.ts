import { rmSync } from 'node:fs'
import { dockerAnswers, stopDocker } from './dockerd.ts'
import { removeHostCluster } from './hostcluster.ts'
import { underLock } from './lock.ts'
import { removeNeighbours } from './neighbours.ts'
import { removeEnvironment } from './project.ts'
import { say } from './run.ts'
import { stopSshd } from './sshd.ts'
import { removeAccounts } from './users.ts'
import { descriptionFile, rigDir } from './where.ts'

/** Removes all that `up` made, but for packages, images and the cache, so that the next `up` is quick. */
async function down(): Promise<void> {
  // First, so that nobody takes a rig that is being removed for one that stands.
  rmSync(descriptionFile, { force: true })
  if (await dockerAnswers()) {
    for (const environment of ['prod', 'test'] as const) await removeEnvironment(environment)
    await removeNeighbours()
    await stopDocker()
  }
  for (const name of ['outer', 'inner']) await stopSshd(name)
  await removeHostCluster()
  await removeAccounts()
  rmSync(rigDir, { recursive: true, force: true })
}

if (process.getuid?.() !== 0) {
  say('removing the rig needs root')
  process.exit(3)
}
underLock()
await down()
say('down')
