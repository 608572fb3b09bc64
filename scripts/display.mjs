// Whether a window can open here.

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} [platform]
 */
export function hasDisplay(env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

export const noDisplay = [
  'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. Try',
  '',
  '  xvfb-run -a npm start      the window on a virtual display',
  '  npm run demo               the same engine in the terminal, with a demo server',
].join('\n')

/**
 * A command line that gets a display of its own where there is none.
 * @param {string} program
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function onSomeDisplay(program, args, env = process.env) {
  if (hasDisplay(env)) return [program, args]
  return ['xvfb-run', ['-a', '-s', '-screen 0 1600x1200x24', program, ...args]]
}
