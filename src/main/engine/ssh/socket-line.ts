import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { packetMemory } from './packet-memory.ts'

/** What an SSH connection runs on. */
export type Line = {
  readonly stream: Duplex
  /**
   * From now on chunks are only valid while 'data' is being emitted. To be called when every listener is known to keep
   * nothing of them: ssh2 does not once AES-GCM decrypts each packet into memory of its own.
   */
  reuseBuffer(): void
}

/** Large, so that few of the packets of 32 KB are cut in two: each cut costs a copy. */
const bufferBytes = 512 * 1024

/** A TCP connection that reads into one buffer over and over, where a socket of Node's allocates for each read. */
export function openSocket(target: { host: string; port: number }): Line {
  let reused = false
  const cameIn = packetMemory()
  const onChunk = (bytes: number, buffer: Uint8Array): boolean => {
    const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, bytes)
    // what it makes ssh2 say (more window, the next requests) goes out as one piece: each write wakes the server
    socket.cork()
    try {
      socket.emit('data', reused ? chunk : Buffer.from(chunk))
    } finally {
      socket.uncork()
    }
    cameIn(bytes)
    return true
  }
  const { host, port } = target
  const onread = { buffer: Buffer.allocUnsafeSlow(bufferBytes), callback: onChunk }
  const socket = connect({ host, port, noDelay: true, onread })
  // ssh2 listens too, but not any more once it has closed
  socket.on('error', () => {})
  return {
    stream: socket,
    reuseBuffer: () => {
      reused = true
    },
  }
}
