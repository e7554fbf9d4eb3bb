#!/bin/sh
# Makes Ashlar's database and its two roles: ashlar_owner owns the tables and migrates, ashlar_app runs the product and
# may neither change the schema nor rewrite the audit log. Runs once, when the PostgreSQL image makes its cluster, or by
# hand against any server (PGHOST, PGPORT, PGUSER, PGPASSWORD). The passwords come from OWNER_PASSWORD and APP_PASSWORD.
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
  --username="${PGUSER:-${POSTGRES_USER:-postgres}}" --dbname=postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
create role ashlar_owner login password :'owner_password';
create role ashlar_app login password :'app_password';
create database ashlar owner ashlar_owner;
revoke all on database ashlar from public;
grant connect on database ashlar to ashlar_app;
SQL
