import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileOf, servePage } from '../../../../src/main/shell/guard/page-files.ts'

let folder: string
let root: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-page-'))
  root = join(folder, 'page')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<h1>Lifeboat</h1>')
  await writeFile(join(root, 'assets', 'main.js'), 'export {}')
  await writeFile(join(folder, 'secret.json'), '"secret"')
  await mkdir(join(folder, 'page-too'))
  await writeFile(join(folder, 'page-too', 'secret.json'), '"secret"')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const get = (url: string) => servePage(root, { method: 'GET', url })

describe('the page', () => {
  test.each(['app://lifeboat/', 'app://lifeboat/index.html', 'app://lifeboat/index.html?x#/copies'])(
    'is served at %s',
    async (url) => {
      const response = await get(url)
      expect(await response.text()).toBe('<h1>Lifeboat</h1>')
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    },
  )

  test('every file carries its type and the policy', async () => {
    const response = await get('app://lifeboat/assets/main.js')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).toContain("form-action 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
  })

  test.each([
    'app://lifeboat/../secret.json',
    'app://lifeboat/%2e%2e/secret.json',
    'app://lifeboat/..%2fsecret.json',
    'app://lifeboat/assets/..%2f..%2fsecret.json',
    'app://lifeboat/..%2fpage-too/secret.json',
    'app://lifeboat/%2e%2e%2fsecret.json',
    'app://lifeboat//../secret.json',
    'app://lifeboat/..%5csecret.json',
    'app://lifeboat/index.html%00.png',
    'app://lifeboat/%zz.html',
    'app://lifeboat/assets',
    'app://lifeboat/missing.html',
    'app://other/index.html',
    'https://lifeboat/index.html',
  ])('%s does not exist', async (url) => {
    const response = await get(url)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
  })

  test('nothing can be sent to it', async () => {
    expect((await servePage(root, { method: 'POST', url: 'app://lifeboat/' })).status).toBe(404)
  })

  test('no address leads out of the folder', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '\\', '/', '//', '%00', '%252e', 'assets', 'secret.json', '~'),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const address = `app://lifeboat/${pieces.join('')}`
        const file = URL.canParse(address) ? fileOf(root, address) : null
        expect(file === null || file.startsWith(`${root}/`)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
