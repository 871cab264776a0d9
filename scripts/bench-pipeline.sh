#!/bin/sh
# scripts/bench-pipeline.sh FILE: the checks of a certificate as people write them by hand, with a YAML reader, base64
# and openssl; the benchmark holds the command against it. Its intermediate files hold the throw-away key of the benchmark.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -c '
import sys, yaml
values = yaml.load(open(sys.argv[1]), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
for name in ("crt", "key"):
    with open(sys.argv[2] + "/" + name + ".b64", "w") as out:
        out.write(values["certificate"]["tls"][name])
with open(sys.argv[2] + "/host", "w") as out:
    out.write(values.get("general", {}).get("lightrun_endpoint", "lightrun.example.com"))
' "$1" "$folder"
cd "$folder"
base64 -d crt.b64 >crt.pem
base64 -d key.b64 >key.pem
awk '/-----BEGIN/{n++} n{print > ("cert-" n ".pem")}' crt.pem
set -- cert-*.pem
count=$#

openssl pkey -in key.pem -pubout -out key.pub
openssl x509 -in cert-1.pem -noout -pubkey >leaf.pub
cmp -s key.pub leaf.pub
openssl x509 -in cert-1.pem -noout -checkhost "$(cat host)" >/dev/null
openssl x509 -in cert-1.pem -noout -ext subjectAltName,extendedKeyUsage,keyUsage >/dev/null
at=1
while [ "$at" -le "$count" ]; do
  openssl x509 -in "cert-$at.pem" -noout -checkend 2592000 >/dev/null
  openssl x509 -in "cert-$at.pem" -noout -text | grep -q 'Signature Algorithm: .*[Ss][Hh][Aa]\(256\|384\|512\)'
  next=$((at + 1))
  if [ "$next" -le "$count" ]; then
    openssl verify -partial_chain -trusted "cert-$next.pem" "cert-$at.pem" >/dev/null
  fi
  at=$next
done
