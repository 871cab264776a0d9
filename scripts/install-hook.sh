#!/bin/sh
# The plugin's hook on installation and update: sees to it that dist/ is built. Says nothing unless it fails.
set -eu

fail() {
  printf 'lightrun-cert: %s\n' "$1" >&2
  exit 1
}

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "$root"

command -v node >/dev/null 2>&1 ||
  fail 'Node 20.19 or newer is needed, and there is no node in the PATH'
# shellcheck disable=SC2016 # The dollar signs are JavaScript's.
node -e '
  const version = process.versions.node;
  const [major, minor] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`lightrun-cert: Node 20.19 or newer is needed, and this is Node ${version}\n`);
    process.exitCode = 1;
  }
'

# A release holds what is built, and no script that builds: Node is all that it needs.
is_release() {
  [ ! -f package.json ] || node -e 'process.exitCode = require("./package.json").scripts?.prepare ? 1 : 0'
}

if [ -f dist/lightrun-cert.cjs ]; then
  if is_release; then
    # One run here, and whoever installs for others leaves them V8's cache of the code; without it, it is only slower.
    node scripts/warm-values.cjs | node dist/lightrun-cert.cjs lint - >/dev/null 2>&1 || :
    exit 0
  fi
  newer=$(find src schema scripts package.json -type f ! -path '*/generated/*' -newer dist/lightrun-cert.cjs)
  [ -n "$newer" ] || exit 0
fi

command -v npm >/dev/null 2>&1 ||
  fail 'npm is needed to build the plugin, and there is no npm in the PATH'

# npm ci builds as well, by the package's prepare script. What it would install may be there already: a checkout
# that someone works in, whose node_modules must not be taken away; nor may npm ci empty another folder by a link.
installed=node_modules/.package-lock.json
if [ -h node_modules ] || { [ -f "$installed" ] && [ -z "$(find package-lock.json -newer "$installed")" ]; }; then
  set -- npm run build
else
  set -- npm ci --prefer-offline --no-audit --no-fund
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "$@" >"$log" 2>&1; then
  cat "$log" >&2
  fail "the plugin could not be built; once that is fixed, run: sh '$root/scripts/install-hook.sh'"
fi
