#!/bin/sh
# Runs once, when PostgreSQL's data folder is created: an account for the platform, which creates its own databases,
# and one for Temporal with two databases of its own. Neither is a superuser.
set -eu

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set platform="$PLATFORM_PASSWORD" --set temporal="$TEMPORAL_PASSWORD" <<'SQL'
CREATE ROLE ruxue LOGIN CREATEDB PASSWORD :'platform';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
