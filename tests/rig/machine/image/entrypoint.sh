#!/bin/bash
# Behaves, as far as a client can see, like the entrypoint of the official PostgreSQL image: the same variables, the same
# first start in two phases (a temporary server on the unix socket only, then the real one), arguments passed on.
set -euo pipefail

# `docker run IMAGE -c shared_buffers=1GB` means the server with options.
if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi

# Anything but the server (psql, bash, sleep …) runs as it stands, and so does a question to the server's program.
if [ "${1:-}" != postgres ]; then exec "$@"; fi
for option in "$@"; do
  case "$option" in -\? | --help | --describe-config | -V | --version) exec "$@" ;; esac
done

# PostgreSQL refuses to run as root: make the folders, then start over as its user.
if [ "$(id -u)" = 0 ]; then
  install -d -m 00700 -o postgres -g postgres "$PGDATA"
  install -d -m 03775 -o postgres -g postgres /var/run/postgresql
  find "$PGDATA" \! -user postgres -exec chown postgres:postgres '{}' +
  HOME=/var/lib/postgresql exec setpriv --reuid postgres --regid postgres --init-groups -- "$0" "$@"
fi

# A value may also be given as the path of a file, as Docker secrets are: NAME_FILE.
from_file() {
  local name=$1 file_name="$1_FILE"
  if [ -n "${!file_name:-}" ]; then export "$name=$(<"${!file_name}")"; fi
}

init_psql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password --dbname "$POSTGRES_DB" "$@"
}

run_init_file() {
  case "$1" in
    *.sh) echo "$0: running $1"; bash "$1" ;;
    *.sql) echo "$0: running $1"; init_psql -f "$1" ;;
    *.sql.gz) echo "$0: running $1"; gunzip -c "$1" | init_psql ;;
    *) echo "$0: ignoring $1" ;;
  esac
}

first_start() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256} arguments=() file
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    echo >&2 'Error: the database is not initialised and POSTGRES_PASSWORD is not given'
    exit 1
  fi
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}" || true
  initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:-}") \
    --auth-local=trust --auth-host=trust ${arguments[@]+"${arguments[@]}"}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
  if [ "$POSTGRES_DB" != postgres ]; then
    POSTGRES_DB=postgres init_psql -v db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    if [ -f "$file" ]; then run_init_file "$file"; fi
  done
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
  echo 'PostgreSQL init process complete; ready for start up.'
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER
  from_file POSTGRES_DB
  POSTGRES_USER=${POSTGRES_USER:-postgres}
  POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  first_start
fi

unset POSTGRES_PASSWORD
exec "$@"
