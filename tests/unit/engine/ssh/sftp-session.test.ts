import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { sftpOver } from '#engine/ssh/sftp.ts'
import { startSftp } from '#engine/ssh/sftp-session.ts'

const version = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3])

/** What comes of a listing, where this is all that the server says. */
async function said(...pieces: (string | Buffer)[]): Promise<unknown> {
  const incoming = new PassThrough()
  const outgoing = new PassThrough().resume()
  const signal = new AbortController().signal
  const session = startSftp({ incoming, outgoing, took: () => {}, close: () => incoming.destroy() })
  const target = { label: 'shop', host: 'shop.example.org', port: 22, user: 'ann', auth: { kind: 'auto' as const } }
  const settings = { target, server: 'OpenSSH', stall: 5000, signal, connectionEnd: new AbortController().signal }
  const listed = sftpOver(session, { ...settings, together: (work) => work() }).list('/backups')
  for (const piece of pieces) incoming.write(piece)
  return listed.catch((error: unknown) => error)
}

test.each(['Welcome to shop!\n', '\n', 'hi'])(
  '%j before the greeting of SFTP is what the shell prints',
  async (text) => {
    expect(await said(text, version)).toMatchObject({
      kind: 'sftp-noise',
      message: expect.stringMatching(/start files/),
    })
    // in one piece as well
    expect(await said(Buffer.concat([Buffer.from(text), version]))).toMatchObject({ kind: 'sftp-noise' })
  },
)

test('what makes no sense behind the greeting was garbled on the way', async () => {
  expect(await said(version, 'Welcome to shop!\n')).toMatchObject({ kind: 'connection-lost' })
})
