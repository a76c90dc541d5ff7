#!/usr/bin/env bash
# A real agreement is read, shown and signed: real_agreement.sh KIOSK WRITER OUT
set -euo pipefail
kiosk=$1 writer=$2 out=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$out"
mkdir -p "$out"
cp -rL "$here/../../assets/demo" "$out/ceremony"
rm -rf "$out/ceremony/agreement"
mkdir "$out/ceremony/agreement"
"$writer" "$out/ceremony/agreement"   # 77: skipped, in words
sed -i 's/^languages = .*/languages = ["sv"]/' "$out/ceremony/ceremony.toml"
sed -i '/;natverk;/d' "$out/ceremony/expected.csv"   # this agreement is not for informal networks
exec "$kiosk" --demo --headless --quiet --ceremony "$out/ceremony" --journey "$here/real_agreement.script" --output "$out"
