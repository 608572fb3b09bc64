import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import { isAppAddress } from './app-origin.ts'
import { pageHeaders } from './content-policy.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/**
 * The file below `root` that an address of the app names; null for every address that names none:
 * another host, a way out of the folder, a type that the page has no use for.
 */
export function fileOf(root: string, address: string): string | null {
  if (!isAppAddress(address)) return null
  const path = decoded(new URL(address).pathname)
  if (path === null) return null
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
  return file.startsWith(root + sep) && Object.hasOwn(types, extname(file)) ? file : null
}

/** Answers a request of the page from the built files; whatever is not one of them does not exist. */
export async function servePage(root: string, request: { method: string; url: string }): Promise<Response> {
  const file = request.method === 'GET' ? fileOf(root, request.url) : null
  try {
    if (file === null) return notFound()
    const body = await readFile(file)
    return new Response(new Uint8Array(body), {
      headers: { ...pageHeaders, 'Content-Type': types[extname(file)] ?? '' },
    })
  } catch {
    return notFound()
  }
}

function notFound(): Response {
  return new Response('', { status: 404, headers: pageHeaders })
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
