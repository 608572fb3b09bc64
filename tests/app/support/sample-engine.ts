// An engine over the sample world, whose state a test writes into `scenario.json` of the data folder. It runs where its
// types were only stripped off.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FromEngine, ToEngine } from '#shared/wire.ts'
import { sampleBridge, type Scenario } from './sample-bridge.ts'

// Under Node there is no parentPort, whatever Electron's types say.
const port: Electron.ParentPort | undefined = process.parentPort

function post(message: FromEngine): void {
  if (port) port.postMessage(message)
  else process.send?.(message)
}

let dataDir = '.'
let written = ''
let answer = sampleBridge({}, (name, value) => post({ t: 'event', name, value }))

/** The scenario may change between two calls, as the world does. */
function lookAgain(): void {
  const file = join(dataDir, 'scenario.json')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}'
  if (text === written) return
  written = text
  const scenario: Scenario = JSON.parse(text)
  answer = sampleBridge(scenario, (name, value) => post({ t: 'event', name, value }))
}

async function reply({ n, name, input }: Extract<ToEngine, { t: 'call' }>): Promise<void> {
  lookAgain()
  const asked = typeof input === 'object' && input !== null ? { ...input } : {}
  const result = await answer(name, asked)
  post({ t: 'reply', n, ...result })
}

function listen(message: ToEngine): void {
  switch (message.t) {
    case 'start':
      dataDir = message.options.dataDir
      return post({ t: 'ready', version: message.options.version })
    case 'call':
      return void reply(message)
    case 'stop':
      return process.exit(0)
    case 'answer':
    case 'wake':
      return undefined
  }
}

process.on('disconnect', () => process.exit(0))
if (port) port.on('message', (event: { data: ToEngine }) => listen(event.data))
else process.on('message', listen)
