import type { Daemon } from './daemon.ts'

const removeLimitMs = 60_000
const againMs = 100
/** So often a daemon may be away before it is taken to be gone, and its containers with it. */
const patience = 10

/**
 * Removes a container with its volumes, also the one of its own name. Asked for as long as the CLI that started it still runs: its container may be
 * only about to come.
 */
export async function removeContainer({ cli }: Daemon, name: string, started: Promise<number>): Promise<void> {
  const deadline = AbortSignal.timeout(removeLimitMs)
  let ended = false
  const end = (): void => void (ended = true)
  started.then(end, end)
  let away = 0
  while (!deadline.aborted && away < patience) {
    // a CLI that has just ended can't make one behind this look
    const last = ended
    const answer = await cli.run(['rm', '--force', '--volumes', name])
    if (last && (answer.code === 0 || /no such container/i.test(answer.stderr))) break
    if (/cannot connect|error during connect|connection refused/i.test(answer.stderr)) away += 1
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
  // also where it had none
  await cli.run(['volume', 'rm', '--force', name])
}
