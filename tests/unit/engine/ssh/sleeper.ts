import type { LifeboatFailure } from '#shared/failure.ts'
import { connect } from '#engine/ssh/connect.ts'
import type { HostKey } from '#engine/ssh/target.ts'

// A process of its own, because it is stopped and continued: reads one stream and says how that ended.
const { port, hostKey } = JSON.parse(process.argv[2] ?? '') as { port: number; hostKey: HostKey }
const signal = new AbortController().signal
try {
  const connection = await connect(
    { label: 'faulty', host: '127.0.0.1', port, user: 'someone', auth: { kind: 'password' } },
    {
      signal,
      trust: { pins: () => [{ ...hostKey, way: '' }], settle: () => {}, knownHostsFiles: [] },
      ask: async () => ['secret'],
      timeouts: { keepAlive: 200, dead: 1000, stall: 1000 },
    },
  )
  const { stdout, done } = await connection.stream(['pg_dump'], { signal })
  console.log('reading')
  let bytes = 0
  for await (const chunk of stdout as AsyncIterable<Buffer>) bytes += chunk.length
  await done
  console.log(`whole ${bytes}`)
  await connection.end()
} catch (error) {
  console.log((error as LifeboatFailure).kind)
}
