#!/usr/bin/env bash
# The table of certificates.sh can say NO: one sealed file is damaged in several ways, and each validator must object just
# where it can. bash tests/peers/disagree.sh FILE.pdf CA.pem
#
# A B-B certificate loses its words, its end, its index and its trust; a B-T one its timestamp, which no seal covers: only
# those who read timestamps can tell.
set -euo pipefail
file=${1:?usage: disagree.sh FILE.pdf CA.pem} trust=${2:?usage: disagree.sh FILE.pdf CA.pem}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# expect NAME "qpdf pdfsig openssl ts mutool pdfbox pkijs" CA: what the table says about $work/NAME/NAME.pdf
expect() {
  local said expected=($2) cells i
  said=$(bash "$here/../certificates.sh" "$work/$1" "$3" 2>/dev/null | grep "^$1 ") || true
  read -r -a cells <<<"$said"
  for i in "${!expected[@]}"; do
    [ "${cells[$((i + 2))]:-}" = "${expected[$i]}" ] || [ "${cells[$((i + 2))]:-}" = absent ] || {
      echo "$1: expected $2" >&2
      failures=$((failures + 1))
      break
    }
  done
  printf '%s\n' "$said"
}

# damage NAME: a copy of the file to work on; prints its path
damage() {
  mkdir "$work/$1"
  cp "$file" "$work/$1/$1.pdf"
  printf '%s' "$work/$1/$1.pdf"
}

token_type=060b2a864886f70d0109100104  # id-ct-TSTInfo, as the hole spells it
if grep -a -q "$token_type" "$file"; then
  sed -i "s/$token_type/${token_type%4}5/" "$(damage spoiled-timestamp)"
  expect spoiled-timestamp "ok ok ok NO ok NO NO" "$trust"
else
  sed -i 's/(Handslag /(handslag /' "$(damage changed-word)"
  expect changed-word "ok NO NO - NO NO NO" "$trust"

  printf '%% more\n' >>"$(damage appended)"
  expect appended "ok NO NO - NO NO NO" "$trust"

  sed -i 's/^startxref$/startxrex/' "$(damage no-index)"
  expect no-index "NO NO NO - NO NO NO" "$trust"
fi

damage wrong-ca >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key" -subj /CN=Stranger -days 2 -out "$work/stranger.pem" 2>/dev/null
timestamp=-
! grep -a -q "$token_type" "$file" || timestamp=NO
expect wrong-ca "ok NO NO $timestamp ok NO NO" "$work/stranger.pem"  # MuPDF is not asked about trust

[ $failures = 0 ] || { echo "disagree.sh: $failures damaged files were not judged as they should be" >&2; exit 1; }
