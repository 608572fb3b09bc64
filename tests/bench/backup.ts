import { join } from 'node:path'
import { rigDatabase } from '../rig/machine/rig.ts'
import { inTurn, seconds, type Figure } from './measure.ts'
import { done, engineWith, rigProgram, scratch, sshLogin, sshOptions } from './on-rig.ts'
import { shell } from './measure.ts'

/**
 * *Back up now* beside OpenSSH with the same pg_dump, and beside today's procedure. Neither of those counts at the source;
 * what that adds is a figure of its own.
 */
export async function benchBackup(): Promise<Figure[]> {
  rigProgram('big.ts')
  const { place, dbname, user } = rigDatabase('big')
  if (place.kind !== 'container') throw new Error('the large database runs in a container')
  const { engine, databaseId } = await engineWith({ place, dbname, dbuser: user, sourceProof: 'off' })
  const dump = `docker exec -i ${place.container} pg_dump -U ${user} -d ${dbname}`
  const ssh = `ssh ${sshOptions()} ${sshLogin()}`
  const file = join(scratch, 'plain')
  const ours = async (): Promise<void> => {
    const { jobId } = await engine.call('backup.start', { databaseId })
    const job = await done(engine, jobId)
    for (const id of job.copyIds) await engine.call('copy.remove', { id })
  }
  try {
    const [us = 0, same = 0, today = 0] = await inTurn(3, [
      ours,
      () => shell(`${ssh} '${dump} --compress=zstd:3' > ${file}.zst`),
      () => shell(`${ssh} '${dump} | gzip' > ${file}.gz`),
    ])
    return [
      {
        what: 'Back up now, proven readable, beside ssh and the same pg_dump into a file',
        ours: seconds(us),
        theirs: seconds(same),
        ratio: `${((us - 1) / same).toFixed(2)} × after one second of start`,
        aim: '≤ 1.25 × + 1 s',
        reached: us <= 1.25 * same + 1,
      },
      {
        what: "Back up now beside today's `pg_dump | gzip`",
        ours: seconds(us),
        theirs: seconds(today),
        ratio: `${(today / us).toFixed(2)} × faster`,
        aim: '≥ 2 × faster',
        reached: today >= 2 * us,
      },
    ]
  } finally {
    await engine.stop()
  }
}
