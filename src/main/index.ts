import { fileURLToPath } from 'node:url'
import { app, BrowserWindow } from 'electron'

// Not awaited at the top: Electron gets ready only after this module has been read to its end.
void app.whenReady().then(async () => {
  const window = new BrowserWindow({
    width: 1200,
    height: 800,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
    },
  })
  await window.loadFile(fileURLToPath(new URL('../renderer/index.html', import.meta.url)))
})
app.on('window-all-closed', () => app.quit())
