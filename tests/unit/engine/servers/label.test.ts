import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameSchema } from '#shared/name.ts'
import { environmentIn, fileWord, labelsFor, type LabelSource } from '#engine/servers/label.ts'

const source = (change: Partial<LabelSource>): LabelSource => {
  return { file: null, dir: null, project: null, service: null, container: null, dbname: 'app', ...change }
}

describe('a label', () => {
  it.each([
    [{ file: 'docker-compose.prod.yml', dbname: 'agentcard_prod' }, 'prod'],
    [{ file: 'deploy/docker-compose-test.yaml' }, 'test'],
    [{ file: 'compose.shop.yaml' }, 'shop'],
    [{ dbname: 'agentcard_prod' }, 'prod'],
    [{ dbname: 'agentcard', project: 'agentcard-staging' }, 'staging'],
    [{ dbname: 'agentcard', dir: '/srv/agentcard_test', service: 'db' }, 'test'],
    [{ dbname: 'agentcard', project: 'agentcard', service: 'db' }, 'agentcard'],
    [{ dbname: 'postgres', container: 'pg-main' }, 'pg-main'],
    [{ dbname: 'productions', project: 'x' }, 'productions'],
  ])('of %j is %s', (change, label) => {
    expect(labelsFor([source(change)])).toEqual([label])
  })

  it('is the database or the project where the environment alone would be two', () => {
    const shop = source({ project: 'shop', dbname: 'shop_prod' })
    expect(labelsFor([shop, source({ project: 'blog', dbname: 'blog_prod' })])).toEqual(['shop_prod', 'blog_prod'])
    const same = (project: string) => source({ file: 'docker-compose.prod.yml', project, dbname: 'app' })
    expect(labelsFor([same('shop'), same('blog')])).toEqual(['shop-app', 'blog-app'])
    expect(labelsFor([shop, shop])).toEqual(['shop-shop_prod', 'shop-shop_prod-2'])
  })

  it('is never given twice, also by case, and is always one that a person could have typed', () => {
    const text = fc.option(fc.string({ unit: 'binary' }))
    const any = fc.record({
      file: text,
      dir: text,
      project: text,
      service: text,
      container: text,
      dbname: fc.string({ unit: 'binary' }),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (sources) => {
        const labels = labelsFor(sources)
        expect(labels).toHaveLength(sources.length)
        expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(labels.length)
        for (const label of labels) expect(nameSchema.parse(label)).toBe(label)
      }),
    )
  })
})

describe('words', () => {
  it('are whole ones', () => {
    expect(environmentIn('live-test')).toBe('test')
    expect(environmentIn('latest')).toBeNull()
    expect(environmentIn('')).toBeNull()
  })
  it('in a file are none for the files of every project', () => {
    for (const name of ['compose.yaml', 'docker-compose.yml', 'docker-compose.override.yml', 'stack.yml'])
      expect(fileWord(name)).toBeNull()
  })
})
