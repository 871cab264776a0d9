#!/bin/sh
# What Helm runs as the plugin: finds Node and the bundle, and hands everything over to them.
set -eu

refuse() {
  printf 'lightrun-cert: %s\n' "$1" >&2
  exit 2
}

# $0 may be a symbolic link to this script: follow it, as readlink -f would where there is one.
script=$0
while [ -h "$script" ]; do
  target=$(readlink -- "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$script")/.." && pwd -P)

command -v node >/dev/null 2>&1 ||
  refuse 'Node 20.19 or newer is needed, and there is no node in the PATH'
[ -f "$root/dist/lightrun-cert.cjs" ] ||
  refuse "the plugin is not built yet; run: sh '$root/scripts/install-hook.sh'"

# Node reads this file as it starts, and may refuse what openssl takes, or not start at all. The program checks the same
# whatever is in it, and gives it back to Helm.
if [ -n "${OPENSSL_CONF+set}" ]; then
  export LIGHTRUN_CERT_OPENSSL_CONF="$OPENSSL_CONF"
  unset OPENSSL_CONF
fi

exec node "$root/dist/lightrun-cert.cjs" "$@"
