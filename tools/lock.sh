#!/bin/sh
# Resolve every version anew, with hashes, for all platforms; registries are left to the machine's own settings.
set -eu
compile=".venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade"
$compile pyproject.toml --output-file requirements/run.txt
$compile pyproject.toml --group dev --output-file requirements/dev.txt
grep -A40 '^uv==' requirements/dev.txt | awk 'NR>1 && /^[a-z]/ {exit} {print}' > requirements/uv.txt
# PostgreSQL's driver is an extra, beside the default install; nothing of ours imports it by name.
echo 'psycopg[binary]>=3.2,<4' | $compile - --no-annotate --constraint requirements/dev.txt --output-file requirements/postgres.txt >/dev/null
# Spark is for the contract tests alone, beside the default install; ibis 12 speaks to pyspark below 4.1.
echo 'pyspark>=4.0,<4.1' | $compile - --no-annotate --constraint requirements/dev.txt --output-file requirements/spark.txt >/dev/null
