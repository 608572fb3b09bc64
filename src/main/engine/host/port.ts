/** One end of the line between engine and host: whole messages, in order. */
export type Port = {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** the host is gone */
  onClose(listener: () => void): void
}

type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/**
 * The line to whoever started this process: Electron's utilityProcess or a plain `fork`.
 * Throws when there is nobody to talk to.
 */
export function openPort(): Port {
  const parent = parentPort()
  if (parent) {
    return {
      post: (message) => parent.postMessage(message),
      onMessage: (listener) => parent.on('message', (event) => listener(event.data)),
      onClose: (listener) => parent.on('close', listener),
    }
  }
  const send = process.send?.bind(process)
  if (!send) throw new Error('The engine is started by Lifeboat, not by hand. Use the terminal twin instead.')
  return {
    post: (message) => {
      // a host that has just gone can not be told anything any more; `disconnect` follows
      if (process.connected) send(message)
    },
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  }
}

/** Electron adds `parentPort` to `process`; Node's types do not know it. */
function parentPort(): ParentPort | undefined {
  const port: unknown = Reflect.get(process, 'parentPort')
  return isParentPort(port) ? port : undefined
}

function isParentPort(port: unknown): port is ParentPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port
}
