import type { JobKind } from '#shared/job.ts'

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

const work: Record<JobKind, string> = {
  backup: 'Backup',
  pull: 'Pull',
  check: 'Check',
  test: 'Connection test',
  rebuild: 'Rebuilding the catalogue',
  verify: 'Verifying',
  compare: 'Comparing',
  seal: 'Sealing',
  drift: 'Comparing with the server',
  put: 'Putting back a file',
}

/** Every sentence that the shell says. Names in them are foreign text and come in printable already. */
export const en = {
  cancel: 'Cancel',
  ok: 'OK',
  unknownTime: 'at an unknown time',

  title: (running: number) => (running === 0 ? 'Lifeboat' : `Lifeboat – ${count(running, 'job', 'jobs')} running`),
  tray: {
    idle: 'Lifeboat – nothing is running',
    stopped: 'Lifeboat – the engine has stopped',
    open: 'Open Lifeboat',
    quit: 'Quit Lifeboat',
  },

  menu: {
    file: 'File',
    addServer: 'Add a Server…',
    settings: 'Settings…',
    quit: 'Quit Lifeboat',
    close: 'Close Window',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    view: 'View',
    overview: 'Overview',
    servers: 'Servers',
    copies: 'Copies',
    vault: 'Vault',
    activity: 'Activity',
    lockVault: 'Lock the Vault',
    palette: 'Commands…',
    zoomIn: 'Larger',
    zoomOut: 'Smaller',
    zoomReset: 'Actual Size',
    fullScreen: 'Full Screen',
    reload: 'Reload',
    devTools: 'Developer Tools',
    window: 'Window',
    minimise: 'Minimise',
    help: 'Help',
    logs: 'Open the Logs',
    about: 'About Lifeboat',
    hide: 'Hide Lifeboat',
    hideOthers: 'Hide Others',
    showAll: 'Show All',
  },

  notice: {
    done: (kind: JobKind, subject: string) => `${work[kind]} of ${subject} is done`,
    failed: (kind: JobKind, subject: string) => `${work[kind]} of ${subject} failed`,
    interrupted: (kind: JobKind, subject: string) => `${work[kind]} of ${subject} was interrupted`,
    damaged: (subject: string) => `${subject}: a copy is damaged`,
    proven: 'It was read to its end: whole and readable.',
    notChecked: 'It could not be checked to the end.',
    restored: 'It was restored, and came back whole.',
    nothingNew: 'There was nothing new to pull.',
    sealed: 'The files are sealed.',
    written: 'The file lies on the server. What lay there before is sealed.',
    fileDamaged: (subject: string) => `${subject}: the file is damaged`,
    seeWhere: 'Open Lifeboat to see where.',
    seeResult: 'Open Lifeboat to see the result.',
    nothingKept: 'No copy was kept of it.',
    waits: 'Lifeboat waits for your answer',
    asks: {
      hostKey: (server: string) => `Is this really ${server}? Its host key is not known.`,
      password: (server: string) => `${server} asks for a password.`,
      'key-passphrase': (server: string) => `The key for ${server} needs its passphrase.`,
      'keyboard-interactive': (server: string) => `${server} asks something.`,
      'vault-passphrase': (server: string) => `A seal of ${server} needs its passphrase.`,
      'new-vault-passphrase': (server: string) => `The files of ${server} need a passphrase for the vault.`,
    },
    perhapsWritten: 'The file on the server may be the old one or the new one. Look there before you start it again.',
  },

  quit: {
    message: (running: number) => `${count(running, 'job is', 'jobs are')} still running`,
    detail: {
      quit: (subjects: string) =>
        `${subjects}\n\nWhen Lifeboat quits they are cancelled. No half copy is kept; every earlier copy stays as it is.`,
      restart: (subjects: string) =>
        `${subjects}\n\nWhen the engine is restarted they are cancelled. No half copy is kept; every earlier copy stays as it is.`,
    },
    keep: 'Keep Running',
    quit: 'Cancel Them and Quit',
    restart: 'Cancel Them and Restart',
  },

  crash: {
    message: 'The window had stopped and was opened again',
    detail: 'Running jobs were not affected: they work in a process of their own.',
    again: 'The window stopped several times',
    againDetail: 'The log says more. Running jobs go on as long as Lifeboat is open.',
    reload: 'Open It Again',
    quit: 'Quit Lifeboat',
  },
  unresponsive: {
    message: 'The window does not answer',
    detail: 'Running jobs go on either way.',
    wait: 'Wait',
    reload: 'Open It Anew',
  },

  confirm: {
    server: {
      message: (name: string) => `Remove the server “${name}” from Lifeboat?`,
      detail: (address: string, databases: readonly string[]) =>
        [
          address,
          databases.length > 0 ? `Its databases go with it: ${databases.join(', ')}.` : 'It has no databases here.',
          'Copies that were taken stay on this computer. On the server nothing changes.',
        ].join('\n'),
      button: 'Remove the Server',
    },
    database: {
      message: (server: string, label: string) => `Remove the database “${label}” of the server “${server}”?`,
      detail: (dbname: string) =>
        `PostgreSQL database: ${dbname}\nLifeboat forgets how to back it up. Copies that were taken stay on this computer. On the server nothing changes.`,
      button: 'Remove the Database',
    },
    copy: {
      message: (server: string, label: string, taken: string) =>
        `Delete the copy of “${label}” on the server “${server}”, taken ${taken}?`,
      detail: (file: string, size: string, others: number, proven: number) =>
        [
          `${file} (${size})`,
          others === 0
            ? 'It is the ONLY copy of this database on this computer.'
            : `Other copies of this database that stay here: ${others}, proven readable: ${proven}.`,
          'The file is deleted and can not be brought back.',
        ].join('\n'),
      button: 'Delete the Copy',
    },
    pin: {
      at: (address: string, way: string | null) => {
        if (way === null) return `${address} (accepted when no way was kept)`
        return way === '' ? address : `${address} via ${way}`
      },
      message: (host: string, servers: readonly string[]) =>
        servers.length === 0
          ? `Forget the host key of ${host}?`
          : `Forget the host key of ${host}, checked at every login at “${servers.join('”, “')}”?`,
      detail: (type: string, fingerprint: string | null) =>
        `${type} ${fingerprint ?? ''}\nThe next connection shows the key that the server presents, and asks. Do this only when you know why the key has changed.`,
      button: 'Forget the Key',
    },
    put: {
      message: (server: string, path: string) => `Write ${path} on the server “${server}”?`,
      detail: (file: string, sealed: string) =>
        `It becomes ${file} as it was sealed ${sealed}. What lies there now is sealed first. Programs read it when they are started the next time.`,
      button: 'Write It to the Server',
    },
    open: {
      message: (server: string, label: string) =>
        `Write the sealed files of “${label}” on the server “${server}” to a folder?`,
      detail: (folder: string, files: readonly string[]) =>
        `Folder: ${folder}\n${files.length === 0 ? 'All files of the seal.' : files.join(', ')}\nTheir values are IN CLEAR there, for you alone. Nothing that lies there is written over.`,
      button: 'Write the Files',
    },
    export: {
      message: (server: string, label: string) => `Write the secrets of “${label}” on the server “${server}” IN CLEAR?`,
      detail: (folder: string) =>
        `Folder: ${folder}\nWhoever can read the file has all values in it. Import it, then delete it at once: also from the bin, and from backups and synchronised folders.`,
      button: 'Write Them in Clear',
    },
    forget: {
      vaultPassphrase: {
        message: (_subject: string) => 'Forget the passphrase of the vault on this computer?',
        detail:
          'Every seal that was closed with it stays closed until you type it. If you have not kept it somewhere else, on the printed recovery sheet or in a password manager, NOBODY can open these seals again.',
      },
      vaultPrints: {
        message: (_subject: string) => 'Forget the key with which .env files are compared?',
        detail:
          'To compare the seals that are there with their servers, the passphrase is needed again. Nothing else is lost.',
      },
      passphrase: {
        message: (subject: string) => `Forget the passphrase of the key ${subject}?`,
        detail: 'The next connection with this key asks for it.',
      },
      password: {
        message: (subject: string) => `Forget the password for “${subject}”?`,
        detail: 'The next connection asks for it.',
      },
      button: 'Forget It',
    },
    demo: {
      message: (name: string) => `Remove the demo server “${name}”?`,
      detail:
        'The sample server ends and leaves Lifeboat with its databases. Copies of it stay on this computer. Your own servers are not touched.',
      button: 'Remove the Demo Server',
    },
  },

  choose: {
    publicKey: 'Choose a public key',
    env: 'Choose a file to seal',
    folder: 'Choose a folder',
    key: 'Choose a private key',
    dump: 'Choose a dump',
    dumpFiles: 'Dumps',
    allFiles: 'All files',
  },
}

export type Words = typeof en
