import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  failureKinds,
  failureSchema,
  fromFailure,
  LifeboatFailure,
  redact,
  remedies,
  toFailure,
} from '#shared/failure.ts'

describe('failures', () => {
  it('have a remedy each, as a sentence', () => {
    for (const kind of failureKinds) expect(remedies[kind].remedy).toMatch(/^[A-Z].*[.?`]$/s)
  })

  it('survive a wire unchanged', () => {
    const sent = toFailure(new LifeboatFailure('disk-full', 'Full.', { detail: 'ENOSPC' }))
    expect(failureSchema.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent)
    expect(toFailure(fromFailure(sent))).toEqual(sent)
  })

  it('call everything unknown a bug, and an abort cancelled', () => {
    expect(toFailure(new TypeError('x is not a function')).kind).toBe('bug')
    expect(toFailure('text').kind).toBe('bug')
    expect(toFailure(AbortSignal.abort().reason).kind).toBe('cancelled')
  })

  it('call what took too long so, and no bug of ours', async () => {
    const signal = AbortSignal.timeout(1)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    expect(toFailure(signal.reason)).toMatchObject({ kind: 'stalled', retry: 'now' })
  })

  it('take secrets out of foreign words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9!#%+]{8,40}$/), (secret) => {
        expect(redact(`POSTGRES_PASSWORD=${secret}`)).not.toContain(secret)
        expect(redact(`postgres://app:${secret}@db/x`)).not.toContain(secret)
        expect(redact(`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n`)).not.toContain(secret)
      }),
    )
  })
})
