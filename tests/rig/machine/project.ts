import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { docker } from './dockerd.ts'
import { run, say } from './run.ts'
import { secret } from './secrets.ts'
import { operatorHome, projectDir } from './where.ts'

export type Environment = 'prod' | 'test'

/** The variables of an `.env` file that must never be seen outside it: the canaries that tests look for in logs and rows. */
export function canaries(environment: Environment): Record<string, string> {
  return {
    SECRET_KEY: `django-insecure-${secret(`${environment} SECRET_KEY`)}`,
    POSTGRES_PASSWORD: secret(`${environment} POSTGRES_PASSWORD`),
    // A value that any hand-made parser of such files gets wrong.
    EMAIL_HOST_PASSWORD: `${secret(`${environment} EMAIL`)} # 'a' "b" $c`,
    OPENAI_API_KEY: `sk-proj-${secret(`${environment} OPENAI`)}`,
  }
}

export function envFile(environment: Environment): string {
  return join(projectDir, `.env.${environment}`)
}

/** Lays out the operator's project: Compose files, `.env` files, script, folders. Files that are there stay as they are. */
export async function makeProject(): Promise<void> {
  if (existsSync(join(projectDir, 'scripts', 'backup_database.sh'))) return
  say(`making the project in ${projectDir}`)
  for (const folder of ['backups/prod', 'backups/test', 'scripts', 'logs']) {
    mkdirSync(join(projectDir, folder), { recursive: true })
  }
  for (const environment of ['prod', 'test'] as const) {
    place(`docker-compose.${environment}.yml`, `docker-compose.${environment}.yml`)
    writeFileSync(envFile(environment), envText(environment), { mode: 0o600 })
  }
  place('backup_database.sh', 'scripts/backup_database.sh')
  chmodSync(join(projectDir, 'scripts', 'backup_database.sh'), 0o755)
  await run('chown', ['-R', 'operator:users', join(operatorHome, 'projects')])
}

function place(source: string, target: string): void {
  copyFileSync(join(import.meta.dirname, 'project', source), join(projectDir, target))
}

function envText(environment: Environment): string {
  const values = canaries(environment)
  return `# AgentCard ${environment === 'prod' ? '生产环境' : '测试环境'}（不要上传到 Git）
DJANGO_SETTINGS_MODULE=config.settings.${environment}
SECRET_KEY=${values.SECRET_KEY}
DEBUG=${environment === 'prod' ? 'False' : 'True'}
ALLOWED_HOSTS=agentcard.example,127.0.0.1
SITE_NAME="智能体名片 AgentCard"

POSTGRES_DB=agentcard_${environment}
POSTGRES_USER=${environment}user
POSTGRES_PASSWORD=${values.POSTGRES_PASSWORD}
POSTGRES_HOST=db
POSTGRES_PORT=5432
DATABASE_URL=postgres://${environment}user:${values.POSTGRES_PASSWORD}@db:5432/agentcard_${environment}

EMAIL_HOST_PASSWORD="${(values.EMAIL_HOST_PASSWORD ?? '').replaceAll(/(["$\\])/g, '\\$1')}"
export OPENAI_API_KEY=${values.OPENAI_API_KEY}
`
}

/** Runs a command as the operator in the project's folder, as a shell of theirs would. */
export function asOperator(command: string, ...args: string[]): ReturnType<typeof run> {
  const env = { HOME: operatorHome, USER: 'operator', LOGNAME: 'operator' }
  return run('runuser', ['-u', 'operator', '--', command, ...args], { cwd: projectDir, env })
}

/** Starts an environment's services; those that run are left alone. Returns the id of the database's container. */
export async function startEnvironment(environment: Environment): Promise<string> {
  if ((await running(environment)).size < 2) {
    say(`starting ${environment}`)
    await asOperator('docker-compose', '-f', `docker-compose.${environment}.yml`, 'up', '-d', '--no-recreate')
  }
  const db = (await running(environment)).get('db')
  if (db === undefined) throw new Error(`the database of ${environment} does not run`)
  return db
}

/** The running containers of an environment by service. Docker knows them by their labels, and answers sooner than Compose. */
async function running(environment: Environment): Promise<Map<string, string>> {
  const filter = `label=com.docker.compose.project=agent-source-db-${environment}`
  const format = '{{.Label "com.docker.compose.service"}} {{.ID}}'
  const lines = (await docker('ps', '--no-trunc', '--filter', filter, '--format', format)).split('\n')
  return new Map(
    lines.filter(Boolean).map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  )
}

/** Removes an environment's containers, volumes and network. */
export async function removeEnvironment(environment: Environment): Promise<void> {
  if (!existsSync(projectDir)) return
  await asOperator('docker-compose', '-f', `docker-compose.${environment}.yml`, 'down', '--volumes', '--timeout', '5')
}
