import type { TFunction } from 'i18next'
import { rebuildCatalogue } from '../actions/catalogue.ts'
import { openLogs } from '../actions/desktop.ts'
import { changeSettings } from '../actions/settings.ts'
import { restartEngine } from '../stores/follow.ts'
import { perform } from '../actions/perform.ts'
import { checkFile } from '../actions/jobs.ts'
import { startDemo } from '../actions/servers.ts'
import { verifyAll, verifyFile } from '../actions/verify.ts'
import { useView, type SettingName } from '../stores/view.ts'
import { modified } from '../frame/shortcuts.ts'
import type { Entry } from './entries.ts'

/** Where one can go. */
export function placeEntries(t: TFunction): Entry[] {
  const { go } = useView.getState()
  const group = t('palette.go')
  return [
    { id: 'go overview', group, title: t('nav.overview'), keys: modified('1'), run: () => go({ screen: 'overview' }) },
    { id: 'go servers', group, title: t('nav.servers'), keys: modified('2'), run: () => go({ screen: 'servers' }) },
    { id: 'go copies', group, title: t('nav.copies'), keys: modified('3'), run: () => go({ screen: 'copies' }) },
    { id: 'go vault', group, title: t('nav.vault'), keys: modified('4'), run: () => go({ screen: 'vault' }) },
    { id: 'go activity', group, title: t('nav.activity'), keys: modified('5'), run: () => go({ screen: 'activity' }) },
    { id: 'go settings', group, title: t('nav.settings'), keys: modified(','), run: () => go({ screen: 'settings' }) },
    { id: 'add-server', group, title: t('action.addServer'), run: () => go({ screen: 'add-server' }) },
  ]
}

/** What belongs to Lifeboat itself, and to no server. */
export function appEntries(t: TFunction, hasDemo: boolean): Entry[] {
  const group = 'Lifeboat'
  const entry = (id: string, title: string, run: () => void, words: string[] = []): Entry => ({
    id,
    group,
    title,
    run,
    words,
  })
  return [
    entry('verify-all', t('action.verifyAll'), verifyAll),
    entry('verify-file', t('action.verifyFile'), verifyFile),
    entry('check-file', t('action.checkFile'), checkFile),
    ...(hasDemo ? [] : [entry('demo', t('action.startDemo'), () => void startDemo())]),
    entry(
      'theme light',
      t('palette.theme', { theme: t('settings.light') }),
      () => void changeSettings({ theme: 'light' }),
    ),
    entry(
      'theme dark',
      t('palette.theme', { theme: t('settings.dark') }),
      () => void changeSettings({ theme: 'dark' }),
    ),
    entry(
      'theme system',
      t('palette.theme', { theme: t('settings.system') }),
      () => void changeSettings({ theme: 'system' }),
    ),
    entry('language en', 'Language: English', () => void changeSettings({ language: 'en' })),
    entry('language zh', '语言：简体中文', () => void changeSettings({ language: 'zh-CN' }), ['Chinese', 'zhongwen']),
    ...(['auto', 'docker', 'embedded'] as const).map((sandbox) =>
      entry(
        `sandbox ${sandbox}`,
        t('palette.sandbox', { engine: sandbox === 'docker' ? 'Docker' : t(`sandbox.${sandbox}`) }),
        () => void changeSettings({ sandbox }),
      ),
    ),
    ...settingEntries(t).map(([at, title]) =>
      entry(`setting ${at}`, t('palette.setting', { title }), () => useView.getState().go({ screen: 'settings', at })),
    ),
    entry('rebuild', t('action.rebuildCatalogue'), rebuildCatalogue),
    entry('logs', t('action.openLogs'), openLogs),
    entry('restart', t('action.restartEngine'), () => void perform(t('action.restartEngine'), restartEngine)),
  ]
}

/** Those that are no command of their own. */
function settingEntries(t: TFunction): [SettingName, string][] {
  return [
    ['copiesDir', t('settings.copiesDir')],
    ['ageLimit', t('settings.ageLimit')],
    ['sandbox', t('settings.sandbox')],
    ['keepSandbox', t('settings.keepSandbox')],
    ['vaultIdle', t('settings.vaultIdle')],
    ['keychain', t('keychain.title')],
    ['doctor', t('upkeep.doctor')],
  ]
}
