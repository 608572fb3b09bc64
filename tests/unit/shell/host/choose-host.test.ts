import { expect, test } from 'vitest'
import { chooseHost } from '../../../../src/main/shell/host/choose-host.ts'
import { engineEnv } from '../../../../src/main/shell/host/process-output.ts'

test.each([
  ['45.4.1', undefined, undefined, 'utility'],
  ['35.0.0', '/n', undefined, 'utility'],
  ['34.9.9', '/n', undefined, 'node'],
  ['33.2.1', '/n', undefined, 'node'],
  ['33.2.1', undefined, undefined, 'none'],
  ['33.2.1', '', undefined, 'none'],
  ['33.2.1', '/n', 'utility', 'utility'],
  ['45.4.1', '/n', 'node', 'node'],
] as const)('Electron %s with node %s, forced %s: %s', (electron, node, forced, kind) => {
  expect(chooseHost({ electron, node, forced }).kind).toBe(kind)
})

test('the engine does not inherit what would make its Node another program', () => {
  const env = { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--inspect', HOME: '/h', EMPTY: undefined }
  expect(engineEnv(env)).toEqual({ PATH: '/bin', HOME: '/h' })
})
