/**
 * The commands of psql 13 to 18 (psql's manual, "Meta-Commands"). Left out are those that are also escapes of COPY and
 * reach nothing outside of psql's own output: `\f`, `\r`, `\t`. In rows whose COPY statement was lost they are data.
 */
const commands = new Set(
  (
    '? a bind bind_named c C cd close close_prepared conninfo connect copy copyright crosstabview e ed edit echo ef elif ' +
    'else encoding endif endpipeline errverbose ev flush flushrequest g gdesc getenv getresults gexec gset gx h help H ' +
    'html i if include include_relative ir l list o out p parse password print prompt pset q quit qecho reset restrict ' +
    's sendpipeline set setenv sf startpipeline sv syncpipeline T timing unrestrict unset w warn watch write x z'
  ).split(' '),
)

/** The name of a command to psql, from the text behind its backslash: psql ends it at a blank or at the next backslash. */
export function commandName(text: string): string {
  return /^[^\s\\]*/.exec(text)?.[0] ?? ''
}

/** Whether psql would carry it out. A name that psql does not know does nothing. */
export function isCommand(name: string): boolean {
  return (
    name.startsWith('!') ||
    /^(?:d|lo_|l\+)/.test(name) ||
    commands.has(name.replace(/[+x]+$/, '')) ||
    commands.has(name)
  )
}
