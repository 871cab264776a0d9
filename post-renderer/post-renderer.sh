#!/bin/sh
# What Helm 4 runs as the post-renderer: finds the plugin lightrun-cert, and has it check the manifests.
set -eu

# $0 may be a symbolic link to this script, as in scripts/lightrun-cert.sh.
script=$0
while [ -h "$script" ]; do
  target=$(readlink -- "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)
beside=$(dirname -- "${HELM_PLUGIN_DIR:-$0}")

check() {
  # In a checkout; beside this plugin, where its folder may have the name of its repository; from npm.
  for plugin in "$here/.." "$beside"/*; do
    if [ -x "$plugin/scripts/lightrun-cert.sh" ] && [ -f "$plugin/dist/lightrun-cert.cjs" ]; then
      "$plugin/scripts/lightrun-cert.sh" post-render "$@"
      return
    fi
  done
  if command -v lightrun-cert >/dev/null 2>&1; then
    lightrun-cert post-render "$@"
    return
  fi
  printf '%s\n' 'lightrun-cert: the post-renderer needs the plugin lightrun-cert, and it is not installed beside it' >&2
  printf '%s\n' '  Install it: helm plugin install REPOSITORY (see its README)' >&2
  return 2
}

if [ -z "${HELM_PLUGIN_NAME:-}" ]; then
  check "$@"
  exit
fi

# Helm 4 drops the standard error of a post-renderer, so it is kept here, and the manifests go past it.
exec 3>&1
status=0
said=$(check "$@" --color=never 2>&1 >&3) || status=$?

if [ "$status" -eq 0 ]; then
  # On Linux, Helm's own is within reach. In a file the two would overwrite each other.
  helms=/proc/$PPID/fd/2
  if [ -n "$said" ] && [ -e "$helms" ] && [ ! -f "$helms" ]; then
    { printf '%s\n' "$said" >>"$helms"; } 2>/dev/null || :
  fi
  exit 0
fi

# Of a post-renderer that fails, Helm 4 says no more than that. It shows the text of what is not a manifest, so the
# report goes there, as a YAML document that is not a mapping, which neither Helm nor Kubernetes takes for an object.
printf '%s\n' '---' '|2-'
printf '%s\n' "${said:-lightrun-cert ended with status $status and said nothing}" | sed 's/^/  /'
# No reader of YAML gets past this, whatever it made of the text above.
printf '%s\n' '---' '{ [ lightrun-cert: the manifests were not passed on'
