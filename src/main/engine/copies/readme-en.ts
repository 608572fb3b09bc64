import type { ReadmeWords, Recipe } from './readme.ts'

const states: Record<Recipe['state'], string> = {
  good: 'Lifeboat has read this copy to its end and found it whole.',
  unproven: 'NOT CHECKED: Lifeboat has not proven that this copy can be read to its end.',
  damaged: 'DAMAGED: this copy is known to be bad, and there is no good one. Use it only for what can still be saved.',
}

export const english: ReadmeWords = {
  intro: [
    'HOW TO RESTORE THESE COPIES BY HAND',
    '',
    'You need this text only when Lifeboat itself is not at hand. What you need is Docker and, for files that end',
    'in .zst, the program zstd. Open a terminal (bash) in the folder of this text, then go through the steps of',
    'your database one after the other. Stop at the first step that complains.',
    '',
    'Two rules:',
    '  - Load a dump into a NEW, EMPTY database only. Over tables that exist, nothing useful is restored, and no',
    '    error needs to show.',
    '  - psql does not notice a dump that was cut off. Step 1 is what tells you that the file is whole.',
  ],
  none: 'There are no copies in this folder yet.',
  recipe: (recipe) => [
    `---- ${recipe.title} ----`,
    `Newest copy to use: ${recipe.file}`,
    `Taken: ${recipe.takenAt} (UTC)${recipe.serverVersion === null ? '' : `, from PostgreSQL ${recipe.serverVersion}`}`,
    states[recipe.state],
    ...(recipe.newerIsDamaged ? ['There is a newer copy, and it is damaged: do not use it.'] : []),
    '',
    '1. Is the file still what was stored? It must answer OK.',
    `     ${recipe.verify}`,
    '   (On a Mac: shasum -a 256 -c - in the place of sha256sum -c -)',
    '2. A new PostgreSQL; wait until it accepts connections.',
    `     ${recipe.start}`,
    '     until docker exec lifeboat-restore pg_isready -q -h 127.0.0.1; do sleep 1; done',
    ...roleLines(recipe),
    '4. A new, empty database.',
    '     docker exec lifeboat-restore createdb -U postgres -T template0 restored',
    '5. The dump into it. The last line must be: all loaded',
    '     set -o pipefail',
    `     ${recipe.load} && echo all loaded`,
    '   If it stops: mend what it complains of, remove the half database (docker exec lifeboat-restore dropdb',
    '   -U postgres restored) and go on with step 4. The owner of an event trigger, for one, must be a superuser',
    '   before the dump is loaded: ALTER ROLE "name" SUPERUSER;',
    ...settingLines(recipe),
  ],
  outro: [
    'ONTO A SERVER THAT LIVES',
    '',
    'Do the same there: stop the application, create an empty database beside the old one, load the dump into it,',
    'look at the data, and only then let the two change their names:',
    '     ALTER DATABASE app RENAME TO app_before;  ALTER DATABASE restored RENAME TO app;',
    'Keep the old database until you are sure. In a Compose project, find the container with',
    '`docker compose ps -q SERVICE` and use `docker exec -i` with it, as above.',
    '',
    'The .manifest.json beside each file tells where it came from, its tables with their rows, and what was proven.',
    '',
    'THE .env FILES',
    '',
    'Files called env_backup_*.tar.gz.gpg are sealed. With GnuPG and their passphrase (or the secret key that they were',
    'sealed for) they open in a new, empty folder:',
    '    umask 077 && gpg -d FILE > env.tar.gz && tar xzf env.tar.gz && rm env.tar.gz',
    'When gpg warns or fails, use nothing of it: the file was changed. Take an older one.',
  ],
}

function roleLines({ roles, superusers, extensions }: Recipe): string[] {
  return [
    '3. What the dump needs and does not bring itself.',
    ...(roles === null
      ? ['   No roles besides postgres.']
      : ['   Roles (without passwords; give them new ones):', `     ${roles}`]),
    ...(superusers
      ? ['   SUPERUSER: such a role owns an event trigger, which nobody else may, here and at the source.']
      : []),
    ...(extensions.length === 0
      ? []
      : [`   Extensions that must be installed on that server: ${extensions.join(', ')}`]),
  ]
}

function settingLines({ settings }: Recipe): string[] {
  if (settings === null)
    return ['6. Settings of the database and its roles could not be read at the source: look there, if you can.']
  if (settings.length === 0) return []
  return [
    '6. Settings that stood at the source beside the dump (ALTER DATABASE or ALTER ROLE ... SET). Set them again:',
    ...settings.map((setting) => `     ${setting}`),
  ]
}
