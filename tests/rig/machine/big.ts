import { bigDatabases, makeBig } from './bigdatabase.ts'
import { writeDescription } from './describe.ts'
import { underLock } from './lock.ts'
import { bigServer } from './neighbours.ts'
import { rig, rigDatabase, rigMissing } from './rig.ts'
import { say } from './run.ts'

// Makes a large database beside the others, on demand: LIFEBOAT_RIG_BIG is about its size in megabytes (800).
const missing = rigMissing()
if (missing !== null) {
  say(missing)
  process.exit(3)
}
const megabytes = Number(process.env.LIFEBOAT_RIG_BIG ?? 800)
if (!Number.isInteger(megabytes) || megabytes < 1) {
  say('LIFEBOAT_RIG_BIG must be a whole number of megabytes')
  process.exit(2)
}
underLock()
await makeBig(bigServer, megabytes)
const others = rig().databases.filter(({ dbname }) => !dbname.startsWith('rig_big_'))
writeDescription({ ...rig(), databases: [...others, ...(await bigDatabases(bigServer, rigDatabase('gbk')))] })
