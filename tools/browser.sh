#!/bin/sh
# Have a Chromium for the browser tests. Where none is on the PATH and apt is there, it is installed.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1; then
  sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  # The shell draws the same pages for a third of the processor's time, since it has no windows of its own.
  name=chromium-headless-shell; apt-cache show "$name" >/dev/null 2>&1 || name=chromium
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$name" fonts-dejavu-core >/dev/null
else
  echo "No Chromium found: install one and put it on the PATH, then repeat." >&2
  exit 1
fi
