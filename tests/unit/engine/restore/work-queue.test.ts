import { expect, test } from 'vitest'
import type { Session } from '#engine/restore/session.ts'
import { WorkQueue } from '#engine/restore/work-queue.ts'

const session = {} as Session

test('work that locks the same table does not run at once, shared locks do', async () => {
  const queue = new WorkQueue()
  const running = new Set<string>()
  const met: string[] = []
  const work = (name: string) => async () => {
    for (const other of running) met.push([name, other].toSorted().join(' '))
    running.add(name)
    await new Promise((resolve) => setImmediate(resolve))
    running.delete(name)
  }
  queue.build({ run: work('key'), alone: ['t'] })
  queue.build({ run: work('index 1'), shared: ['t'] })
  queue.build({ run: work('index 2'), shared: ['t'] })
  queue.build({ run: work('elsewhere'), alone: ['u'] })
  queue.feed({ run: work('rows') })
  queue.close()
  await queue.run([session, session, session])
  expect(met).toContain('index 1 index 2')
  expect(met.filter((pair) => pair.includes('key') && pair.includes('index'))).toEqual([])
})

test('work that is added by work is done although the queue was closed', async () => {
  const queue = new WorkQueue()
  const done: string[] = []
  queue.feed({
    run: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      queue.build({ run: () => Promise.resolve(void done.push('index')) })
      done.push('rows')
    },
  })
  queue.close()
  await queue.run([session, session])
  expect(done).toEqual(['rows', 'index'])
})

test('the first error ends the others as soon as they have done what they are doing', async () => {
  const queue = new WorkQueue()
  const done: string[] = []
  queue.feed({ run: () => Promise.reject(new Error('gone')) })
  queue.feed({ run: () => Promise.resolve(void done.push('second')) })
  queue.feed({ run: () => Promise.resolve(void done.push('third')) })
  await expect(queue.run([session])).rejects.toThrow('gone')
  expect(done).toEqual([])
})
