#!/bin/sh
# Have PostgreSQL's programs and its driver for the tests on it; no service is left running. The tests start a server of their own.
set -eu
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  if command -v apt-get >/dev/null 2>&1; then
    sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    # The package would make a cluster and start it; the tests want neither.
    $sudo mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.d/cadre.conf >/dev/null
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends postgresql >/dev/null
  else
    echo "No PostgreSQL found: the tests on it are skipped. Install it, put initdb on the PATH, then repeat." >&2
    exit 0
  fi
fi
.venv/bin/python -c "import psycopg" 2>/dev/null ||
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements/postgres.txt
