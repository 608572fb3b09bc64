import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Bridge, BridgeEvent } from '#shared/bridge.ts'
import { callChannel, eventChannel } from '#shared/channels.ts'

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  subscribe(listener) {
    // The event object of Electron stays here: with it the page could reach ipcRenderer.
    const pass = (_event: IpcRendererEvent, event: BridgeEvent): void => listener(event)
    ipcRenderer.on(eventChannel, pass)
    return () => void ipcRenderer.off(eventChannel, pass)
  },
}

contextBridge.exposeInMainWorld('lifeboat', bridge)
