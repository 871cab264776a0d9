#!/bin/sh
# What `helm … --post-renderer` of Helm 3 runs: the plugin as a post-renderer.
exec "$(dirname -- "$0")/lightrun-cert.sh" post-render "$@"
