#!/bin/sh
# What `helm … --post-renderer` of Helm 3 runs: the plugin as a post-renderer.
set -eu

script=$0
while [ -h "$script" ]; do
  target=$(readlink -- "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
exec "$(dirname -- "$script")/lightrun-cert.sh" post-render "$@"
