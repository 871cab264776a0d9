#!/bin/sh
# What the GitHub Action runs: sees to it that the program is built, and lints what the inputs name.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
"$root/scripts/install-hook.sh"

trimmed() {
  printf '%s\n' "$1" | sed -e 's/[[:space:]]*$//' -e 's/^[[:space:]]*//' -e '/^$/d'
}

# Each line is one word: neither spaces nor patterns in it mean anything.
set -f
IFS='
'
set -- "--format=$FORMAT"
[ -z "$OUTPUT" ] || set -- "$@" "--output=$OUTPUT"
[ "$PARTIAL" != true ] || set -- "$@" --partial
[ "$STRICT" != true ] || set -- "$@" --strict
for line in $(trimmed "$ARGS"); do set -- "$@" "$line"; done
set -- "$@" --
for line in $(trimmed "$FILES"); do set -- "$@" "$line"; done

status=0
"$root/scripts/lightrun-cert.sh" lint "$@" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"
exit "$status"
