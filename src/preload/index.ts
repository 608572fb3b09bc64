import { contextBridge } from 'electron'

contextBridge.exposeInMainWorld('lifeboat', {})
