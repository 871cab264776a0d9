#!/bin/sh
# What `helm … --post-renderer` of Helm 3 runs: the plugin as a post-renderer.
set -eu

# $0 may be a symbolic link to this script, as in lightrun-cert.sh.
script=$0
while [ -h "$script" ]; do
  target=$(readlink -- "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
exec "$(dirname -- "$script")/lightrun-cert.sh" post-render "$@"
