#!/bin/sh
# What the GitHub Action runs. A release is built already; anything else is built first.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

command -v node >/dev/null 2>&1 || {
  echo 'lightrun-cert: Node 20.19 or newer is needed, and there is no node in the PATH; add actions/setup-node before this step' >&2
  [ -z "${GITHUB_OUTPUT:-}" ] || echo 'status=2' >>"$GITHUB_OUTPUT"
  exit 2
}
[ -f "$root/dist/lightrun-cert.cjs" ] || "$root/scripts/install-hook.sh"
exec node "$root/scripts/action.cjs"
