/** Folders inside of the container; all of them are memory except `data` where the data is too large for that. */
export const inside = { run: '/lifeboat/run', data: '/lifeboat/data', socket: '/lifeboat/socket' }

/** Said by the first process before the server starts, with the program that can carry bytes: `lifeboat: pipe bash`. */
export const pipeMark = 'lifeboat: pipe '
/** Said by the server itself. Until then no code of a dump has run, so nobody can imitate it. */
export const readyMark = 'database system is ready to accept connections'

/**
 * The container's first process, in place of the image's entrypoint: that one needs root and capabilities, and starts a
 * temporary server first, which takes time and can be mistaken for the real one. The superuser's password comes in by
 * standard input, which stays open from then on: when it ends, for whatever reason, so does the container.
 * Its arguments are the server's. It is plain `sh`: busybox has to understand it.
 */
export const firstProcess = `set -eu
umask 077
IFS= read -r password
exec 3<&0 </dev/null
printf '%s' "$password" >${inside.run}/password
unset password

version=$(postgres -V)
version=\${version#*PostgreSQL) }
major=\${version%%[!0-9]*}

# Order of bytes is the fastest, and what a letter is must not depend on it: checks and indexes of the dump ask for that.
if [ "$major" -ge 17 ]; then locale='--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C'
else locale='--locale=C --lc-ctype=C.UTF-8'; fi
# Sums of pages guard against a disk that decays over years; here they made an index take twice as long.
if [ "$major" -ge 18 ]; then locale="$locale --no-data-checksums"; fi
make() {
  initdb -D ${inside.data}/cluster -U lifeboat_admin --pwfile=${inside.run}/password --auth=scram-sha-256 \\
    --encoding=UTF8 --no-sync "$@"
}
made=$(make $locale 2>&1) || { rm -rf ${inside.data}/cluster; made=$(make --locale=C 2>&1); } || { printf '%s\\n' "$made" >&2; exit 1; }
rm ${inside.run}/password

for pipe in bash socat nc; do
  if command -v $pipe >/dev/null; then echo "${pipeMark}$pipe" >&2; break; fi
done
sockets=${inside.run}
if [ -d ${inside.socket} ] && { : >${inside.socket}/probe; } 2>/dev/null; then
  rm ${inside.socket}/probe
  sockets="$sockets,${inside.socket}"
fi
if [ "$major" -ge 17 ]; then set -- "$@" -c event_triggers=off; fi

postgres -D ${inside.data}/cluster -c listen_addresses=127.0.0.1 -c port=5432 -c ssl=off \\
  -c unix_socket_directories="$sockets" "$@" 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -KILL $server; } 2>/dev/null &
wait $server
`
