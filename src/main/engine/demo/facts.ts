import { join } from 'node:path'

/** The two databases of the demo server, as its Compose file would have them. */
export const demoDatabases = {
  prod: { container: 'agentcard-prod-db-1', dbname: 'agentcard_prod', dbuser: 'produser', cards: 400 },
  test: { container: 'agentcard-test-db-1', dbname: 'agentcard_test', dbuser: 'testuser', cards: 40 },
} as const
export type DemoLabel = keyof typeof demoDatabases

/** Home of the only user of the demo server that lives in this folder. */
export function demoHome(folder: string): string {
  return join(folder, 'home', 'operator')
}

/** Folder of the application, as `pwd` tells it on the demo server. */
export function demoProject(folder: string): string {
  return join(demoHome(folder), 'projects', 'agentcard')
}

/** A file by which a demo server's folder is known: no other folder is ever emptied. */
export const demoMark = '.lifeboat-demo'
