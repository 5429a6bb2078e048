#!/usr/bin/env bash
# Installs the Debian packages it is given, unless they are all there: debian_packages.sh chromium redis-server
set -euo pipefail

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=()
for package in "$@"; do
    command -v dpkg-query >/dev/null && installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "These are needed and not installed: ${missing[*]}" >&2
    echo "On Debian: sudo apt-get install ${missing[*]}" >&2
    exit 1
fi

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# RUNLEVEL keeps Debian from starting a server that a package brings: tests start their own.
if ! { apt-get update -q && RUNLEVEL=1 apt-get install -qy --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -20 "$log" >&2
    exit 1
fi
