#!/usr/bin/env bash
# What the GitHub Action runs: sees to it that the program is built, and lints what the inputs name.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
"$root/scripts/install-hook.sh"

words=("--format=$FORMAT")
[ -z "$OUTPUT" ] || words+=("--output=$OUTPUT")
[ "$PARTIAL" != true ] || words+=(--partial)
[ "$STRICT" != true ] || words+=(--strict)

trimmed() {
  sed -e 's/\r$//' -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' <<<"$1"
}
while IFS= read -r line; do words+=("$line"); done < <(trimmed "$ARGS")
words+=(--)
while IFS= read -r line; do words+=("$line"); done < <(trimmed "$FILES")

status=0
"$root/scripts/lightrun-cert.sh" lint "${words[@]}" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"
exit "$status"
