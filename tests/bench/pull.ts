import { randomBytes } from 'node:crypto'
import { closeSync, openSync, rmSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { rig, rigDatabase } from '../rig/machine/rig.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { inTurn, seconds, shell, type Figure } from './measure.ts'
import { done, engineWith, scratch, sshLogin, sshOptions } from './on-rig.ts'

const gigabyte = 1e9
const name = 'backup_bench_20260101_030000.dump'
const night = new Date('2026-01-01T03:00:00Z')

/** A pull of one gigabyte beside OpenSSH's sftp, on a short line and on one with 50 ms each way. */
export async function benchPull(): Promise<Figure[]> {
  const folder = join(rig().projectDir, 'backups', 'bench')
  await shell(`mkdir -p ${folder} && chmod 755 ${folder}`)
  const file = join(folder, name)
  writeArchive(file)
  // as one that the cron made in the night: what was written just now is looked at twice, two seconds apart
  utimesSync(file, night, night)
  try {
    return [...(await pulled('', file, folder, 0, 5)), ...(await pulled(', 50 ms away', file, folder, 50, 1))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pulled(where: string, file: string, folder: string, delayMs: number, rounds: number): Promise<Figure[]> {
  const { ssh } = rig()
  // the proxy lives in this process, beside the engine: where nothing is to be delayed, it would only be in the engine's way
  const proxy = delayMs > 0 ? await startTcpProxy({ host: ssh.host, port: ssh.port }, { delayMs }) : null
  const port = proxy?.port ?? ssh.port
  const { place, dbname, user } = rigDatabase('test')
  const { engine, databaseId } = await engineWith({ place, dbname, dbuser: user, backups: folder }, port)
  try {
    const brought = join(scratch, 'sftp')
    const sftp = (flags: string) => shell(`sftp -q ${flags} ${sshOptions(port)} ${sshLogin()}:${file} ${brought}`)
    const pull = async () => {
      const { jobId } = await engine.call('pull.start', { databaseId, which: { kind: 'newest' } })
      const job = await done(engine, jobId)
      if (job.copyIds.length !== 1) throw new Error('nothing was brought')
      return async () => {
        for (const id of job.copyIds) await engine.call('copy.remove', { id })
      }
    }
    // as a copy is, with -f: on the disk, and not only on its way there
    const works = [pull, () => sftp(''), () => sftp('-f')]
    // what one of them has left for the disk to do would otherwise slow the next one; nobody has to make room first
    const [us = 1, them = 1, synced = 1] = await inTurn(rounds, works, () => shell(`rm -f ${brought}; sync`))
    return [figure(`sftp${where}`, us, them), figure(`sftp -f, which waits for the disk as well${where}`, us, synced)]
  } finally {
    await engine.stop()
    await proxy?.close()
  }
}

function figure(beside: string, us: number, them: number): Figure {
  return {
    what: `Pull of a 1 GB backup, hashed and on the disk, beside ${beside}`,
    ours: seconds(us),
    theirs: seconds(them),
    ratio: `${(them / us).toFixed(2)} × its rate`,
    aim: '≥ 0.9 ×',
    reached: them / us >= 0.9,
  }
}

/** What pg_dump -Fc writes begins so; behind it noise that nothing can compress, as in a real archive. */
function writeArchive(file: string): void {
  const noise = randomBytes(8 * 1024 * 1024)
  const handle = openSync(file, 'w', 0o644)
  writeSync(handle, Buffer.from('PGDMP\x01\x10\x00\x04\x08\x01\x01', 'latin1'))
  for (let bytes = 0; bytes < gigabyte; bytes += noise.length) writeSync(handle, noise)
  closeSync(handle)
}
