#!/bin/sh
# What Helm 4 runs as the post-renderer: finds the plugin lightrun-cert, and lets it judge the manifests.
set -eu

# Helm 4 drops the standard error of a post-renderer. On Linux, Helm's own is within reach.
if [ -n "${HELM_PLUGIN_NAME:-}" ] && (: >>"/proc/$PPID/fd/2") 2>/dev/null; then
  exec 2>>"/proc/$PPID/fd/2"
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
beside=$(dirname -- "${HELM_PLUGIN_DIR:-$0}")

# In a checkout; beside this plugin, under the name of the plugin or of its repository; from npm.
for plugin in "$here/.." "$beside/lightrun-cert" "$beside/helm-lightrun-cert"; do
  if [ -x "$plugin/scripts/lightrun-cert.sh" ] && [ -f "$plugin/dist/lightrun-cert.cjs" ]; then
    exec "$plugin/scripts/lightrun-cert.sh" post-render "$@"
  fi
done
if command -v lightrun-cert >/dev/null 2>&1; then
  exec lightrun-cert post-render "$@"
fi

printf '%s\n' 'lightrun-cert: the post-renderer needs the plugin lightrun-cert, and it is not installed beside it' >&2
printf '%s\n' '  Install it: helm plugin install REPOSITORY (see its README)' >&2
exit 2
