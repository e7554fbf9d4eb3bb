#!/usr/bin/env bash
# Makes the env files of compose.yaml with fresh secrets, readable by their owner alone. Never overwrites one.
# Usage: deploy/new-secrets.sh [DIRECTORY]   (default: this script's own)
# PUBLIC_URL, EMAIL_FROM and SMTP_URL are taken from the environment, or left for you to fill in.
set -euo pipefail
umask 077

directory=${1:-$(dirname "${BASH_SOURCE[0]}")}
for file in .env.production .env.postgres .env.redis .env.grafana; do
  if [[ -e $directory/$file ]]; then
    echo "$directory/$file exists; move it away first if you mean it: it may hold the only key to your data" >&2
    exit 1
  fi
done

# Hexadecimal where it becomes part of a URL.
owner_password=$(openssl rand -hex 24)
app_password=$(openssl rand -hex 24)
redis_password=$(openssl rand -hex 24)

cat >"$directory/.env.production" <<END
# Read by api and worker. Every setting: docs/configuration.md
PUBLIC_URL=${PUBLIC_URL:-}
EMAIL_FROM=${EMAIL_FROM:-}
SMTP_URL=${SMTP_URL:-}
# The network of the reverse proxy in front; empty while there is none.
TRUSTED_PROXIES=
PAYMENTS_ENABLED=false

DATABASE_URL=postgres://ashlar_app:$app_password@postgres:5432/ashlar
DATABASE_OWNER_URL=postgres://ashlar_owner:$owner_password@postgres:5432/ashlar
REDIS_URL=redis://:$redis_password@redis:6379

SECRET_KEY=$(openssl rand -base64 48)
ENCRYPTION_KEYS=k1:$(openssl rand -base64 32)
METRICS_HOST=0.0.0.0
END

cat >"$directory/.env.postgres" <<END
# Read by the postgres container alone, when it makes its cluster.
POSTGRES_PASSWORD=$(openssl rand -hex 24)
OWNER_PASSWORD=$owner_password
APP_PASSWORD=$app_password
END

cat >"$directory/.env.redis" <<END
REDIS_PASSWORD=$redis_password
END

cat >"$directory/.env.grafana" <<END
# Read by the grafana container alone, which takes the password of "admin" from here at its first start.
GF_SECURITY_ADMIN_PASSWORD=$(openssl rand -hex 24)
GF_USERS_ALLOW_SIGN_UP=false
GF_AUTH_ANONYMOUS_ENABLED=false
GF_ANALYTICS_REPORTING_ENABLED=false
GF_ANALYTICS_CHECK_FOR_UPDATES=false
END

echo "Made .env.production, .env.postgres, .env.redis and .env.grafana in $directory. Keep a copy where you keep passwords."
