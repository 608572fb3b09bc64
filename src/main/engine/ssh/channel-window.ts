/**
 * The few facts that ssh2 1.17 keeps to itself and that honest transfers need. Read defensively: where they are absent,
 * streams count as cut off and windows stay as ssh2 makes them. A test fails when an update of ssh2 moves them.
 */

/** Bytes that may be under way to us on one channel. ssh2's own 2 MB cap a line with 100 ms of delay at 20 MB/s. */
export const wideWindow = 8 * 1024 * 1024

type Side = { state: string; window: number }
type Protocol = { channelWindowAdjust(id: number, amount: number): void }
type Inside = { incoming: Side; outgoingId: number; protocol: Protocol }

/**
 * True when the server itself has said that no more output comes (EOF or CLOSE), as opposed to a connection that broke:
 * ssh2 ends a channel's streams the same way for both. To be asked before ssh2 cleans up, that is at the client's `close`.
 */
export function endedByServer(channel: object): boolean {
  const state = look(channel)?.incoming.state
  return state === 'eof' || state === 'closed'
}

export type Window = {
  /** Grants the server as much again as has been taken off the channel. Call it for each chunk that moved on. */
  took(bytes: number): void
}

/** Opens the window of a channel wide, and keeps it open by what is taken, never by what merely arrived. */
export function widenWindow(channel: object): Window {
  const inside = look(channel)
  if (!inside) return { took: () => {} }
  const grant = (bytes: number) => {
    if (inside.incoming.state !== 'open' || bytes <= 0) return
    inside.incoming.window += bytes
    inside.protocol.channelWindowAdjust(inside.outgoingId, bytes)
  }
  grant(wideWindow - inside.incoming.window)
  let owed = 0
  return {
    took(bytes) {
      owed += bytes
      if (owed < wideWindow / 8) return
      // ssh2 tops up to its own 2 MB when the window has fallen under 1 MB; that much is not owed any more
      grant(Math.min(owed, wideWindow - inside.incoming.window))
      owed = 0
    },
  }
}

function look(channel: object): Inside | undefined {
  if (!('incoming' in channel && 'outgoing' in channel && '_client' in channel)) return undefined
  const { incoming, outgoing, _client: client } = channel
  if (!isSide(incoming) || !isRecord(outgoing) || typeof outgoing['id'] !== 'number' || !isRecord(client))
    return undefined
  const protocol = client['_protocol']
  if (!isProtocol(protocol)) return undefined
  return { incoming, outgoingId: outgoing['id'], protocol }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isSide(value: unknown): value is Side {
  return isRecord(value) && typeof value['state'] === 'string' && typeof value['window'] === 'number'
}

function isProtocol(value: unknown): value is Protocol {
  return isRecord(value) && typeof value['channelWindowAdjust'] === 'function'
}
