#!/bin/sh
# Have Spark for the tests on a second engine: Java where there is none and apt is there, and pyspark in .venv.
set -eu
if ! command -v java >/dev/null 2>&1 && [ -z "${JAVA_HOME:-}" ]; then
  if command -v apt-get >/dev/null 2>&1; then
    sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null
  else
    echo "No Java found: the tests on Spark are skipped. Install Java 17 or 21 and put it on the PATH, then repeat." >&2
    exit 0
  fi
fi
.venv/bin/python -c "import pyspark" 2>/dev/null ||
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements/spark.txt
