#!/usr/bin/env bash
# Two hundred hard names, as poppler and PDFBox read them from the certificates: bash tests/peers/names.sh DIR
# (made by unit_certificate with HANDSLAG_NAMES=DIR). Ends with 77, skipped, without Java or PDFBox.
set -euo pipefail
folder=${1:?usage: names.sh DIR}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/java.sh"
missing=$(java_missing)
if [ -n "$missing" ]; then
  echo "names.sh: skipped: $missing"
  [ -n "${HANDSLAG_FULL:-}" ] && exit 1
  exit 77
fi
for file in "$folder"/*.pdf; do pdftotext -raw -enc UTF-8 "$file"; done
java_build "$here/../../build/peers/java" "$here"
java_run "$here/../../build/peers/java" PeerNames "$folder"
