#!/bin/sh
# Creates or updates Temporal's tables; harmless to repeat. SQL_PASSWORD is in the environment.
set -eu

tool() { temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal "$@"; }

for store in temporal visibility; do
  database=temporal
  if [ "$store" = visibility ]; then database=temporal_visibility; fi
  # Fails when the version table is there already, which is what we want to know.
  tool --database "$database" setup-schema --version 0.0 || echo "$database has its version table"
  tool --database "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$store/versioned"
done
