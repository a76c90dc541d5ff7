#!/usr/bin/env bash
# Asks the common validators about every certificate in a folder, in one table: bash tests/certificates.sh DIR CA.pem
#
#   qpdf      the file is sound (qpdf --check)
#   pdfsig    poppler and NSS: valid, trusted, whole document (its exit code says nothing: its words are read)
#   openssl   openssl cms -verify -cades, with the seal cut out of the file here
#   ts        openssl ts -verify, for the seal's timestamp and for the document's, where the level has them
#   mutool    MuPDF: unchanged since signing, or edited since by a longer-lived level (always exits 0: its words are read)
#   pdfbox    Apache PDFBox with Bouncy Castle: signatures, chains, timestamps, revocation data (tests/peers/PeerSeals.java)
#   pkijs     the same with a third library (tests/peers/peer_seals.cjs)
#
# The level (B-B, B-T, B-LT, B-LTA) is read from the file here, and PDFBox and pkijs must find the same. A file that is
# named after its level, such as x.B-LT.pdf, must be of that level.
#
# CA.pem holds the trusted root certificates, of timestamps as well. Ends with 1 when anybody disagrees, with 2 when there
# is nothing to ask. PDFBox and pkijs may be absent, which is said; with HANDSLAG_FULL=1 they may not.
set -euo pipefail

folder=${1:?usage: certificates.sh DIR CA.pem} trust=$(realpath "${2:?usage: certificates.sh DIR CA.pem}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/peers/java.sh"
. "$here/peers/npm.sh"
for tool in qpdf pdfsig certutil openssl mutool xxd; do
  command -v "$tool" >/dev/null || { echo "certificates.sh: $tool is missing" >&2; exit 2; }
done
shopt -s nullglob
files=("$folder"/*.pdf)
[ ${#files[@]} -gt 0 ] || { echo "certificates.sh: no PDF in $folder" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/nss" "$work/said"
certutil -N -d "sql:$work/nss" --empty-password
csplit -s -z -f "$work/ca-" "$trust" '/-----BEGIN CERTIFICATE-----/' '{*}'
for ca in "$work"/ca-*; do
  grep -q 'BEGIN CERTIFICATE' "$ca" || continue
  certutil -A -d "sql:$work/nss" -n "$(basename "$ca")" -t CT,CT,CT -i "$ca"
done

# cut FILE NUMBER: the signature's covered bytes into content, its CMS into seal. The hole is what the byte range leaves
# out, < and > included; the CMS's own length stands in its DER header. Sets `end`: where the covered bytes end.
cut() {
  local zero first second rest hole header
  read -r zero first second rest < <(grep -a -o '/ByteRange *\[[ 0-9]*\]' "$1" | sed -n "$2p" | tr -dc '0-9 \n')
  [ "$zero" = 0 ] || return 1
  end=$((second + rest))
  { head -c "$first" "$1"; tail -c +$((second + 1)) "$1" | head -c "$rest"; } >"$work/content"
  hole=$(tail -c +$((first + 2)) "$1" | head -c $((second - first - 2)))
  header=${hole:0:8}
  [ "${header:0:4}" = 3082 ] || return 1
  printf '%s' "${hole:0:$(((16#${header:4:4} + 4) * 2))}" | xxd -r -p >"$work/seal"
}

# bytes_at OFFSET HEADER LENGTH: a value of the CMS, as asn1parse lists it
bytes_at() { tail -c +$(($1 + 1)) "$work/seal" | head -c $(($2 + $3)); }

# The seal's timestamp into token, and what it stamps, the signature's value, into stamped; fails when there is none.
cut_token() {
  openssl asn1parse -inform DER -in "$work/seal" | sed -E 's/^ *([0-9]+):d=([0-9]+) +hl=([0-9]+) +l= *([0-9]+) /\1 \2 \3 \4 /' >"$work/asn1"
  local at header length
  read -r at header length < <(awk '/timeStampToken/{near=NR} near && NR==near+2{print $1, $3, $4; exit}' "$work/asn1") || return 1
  bytes_at "$at" "$header" "$length" >"$work/token"
  read -r at header length < <(awk '$2==5 && /OCTET STRING/{print $1, $3, $4; exit}' "$work/asn1")
  bytes_at $((at + header)) 0 "$length" >"$work/stamped"
}

level_of() {
  if grep -a -q '/SubFilter */ETSI.RFC3161' "$1"; then echo B-LTA
  elif grep -a -q '/DSS ' "$1"; then echo B-LT
  elif cut "$1" 1 && cut_token; then echo B-T
  else echo B-B; fi
}

check_qpdf() { qpdf --check "$1" >"$work/out" 2>&1; }

# Poppler reads no document timestamps: of those it says only what they cover.
check_pdfsig() {
  pdfsig -no-ocsp -nssdir "$work/nss" "$1" >"$work/out" 2>&1
  local whole='Total document signed' signatures
  signatures=$((1 + $(grep -a -c '/SubFilter */ETSI.RFC3161' "$1" || true)))
  [ "$2" != B-LT ] || whole='Not total document signed'
  [ "$(grep -c '^Signature #' "$work/out")" = $signatures ] && [ "$(grep -c 'Signature is Valid' "$work/out")" = 1 ] &&
    [ "$(grep -c 'Certificate is Trusted' "$work/out")" = 1 ] && grep 'document signed' "$work/out" | tail -n1 | grep -q -- "- $whole"
}

check_openssl() {
  cut "$1" 1 || { echo 'no signature that can be cut out' >"$work/out"; return 1; }
  case "$2" in
    B-B | B-T) [ "$end" = "$(stat -c %s "$1")" ] || { echo 'it does not cover the whole file' >"$work/out"; return 1; } ;;
  esac
  openssl cms -verify -cades -binary -inform DER -in "$work/seal" -content "$work/content" -CAfile "$trust" -purpose any \
    -out /dev/null >"$work/out" 2>&1
}

verify_token() {
  openssl ts -verify -in "$1" -token_in -data "$2" -CAfile "$trust" -untrusted "$work/untrusted" >"$work/out" 2>&1 &&
    grep -q 'Verification: OK' "$work/out"
}
check_ts() {
  cut "$1" 1 && cut_token || { echo 'no timestamp' >"$work/out"; return 1; }
  openssl pkcs7 -inform DER -in "$work/seal" -print_certs -out "$work/untrusted" 2>/dev/null
  verify_token "$work/token" "$work/stamped" || return 1
  [ "$2" = B-LTA ] || return 0
  local stamps
  stamps=$(grep -a -c '/SubFilter */ETSI.RFC3161' "$1")
  for ((i = 2; i <= stamps + 1; ++i)); do
    cut "$1" "$i" && verify_token "$work/seal" "$work/content" || return 1
  done
  [ "$end" = "$(stat -c %s "$1")" ] || { echo 'the last timestamp does not cover the whole file' >"$work/out"; return 1; }
}

check_mutool() {
  mutool sign -v "$1" >"$work/out" 2>&1
  local words='The document is unchanged since signing'
  case "$2" in B-LT | B-LTA) words='The signature is valid but there have been edits since signing' ;; esac
  grep -q "$words" "$work/out" && ! grep -q 'Signature error' "$work/out"
}

# What one of the two libraries said about the file, in one run over all of them.
said_by() {
  awk -F '\t' -v file="$(basename "$2")" '$1==file' "$work/$1" >"$work/out"
  awk -F '\t' -v level="$3" '$2=="ok" && $3==level{held=1} END{exit !held}' "$work/out"
}
check_pdfbox() { said_by pdfbox "$@"; }
check_pkijs() { said_by pkijs "$@"; }

absent=()
pdfbox_absent=$(java_missing)
if [ -z "$pdfbox_absent" ]; then
  java_build "$here/../build/peers/java" "$here/peers"
  java_run "$here/../build/peers/java" PeerSeals "$trust" "${files[@]}" >"$work/pdfbox" || true
else absent+=("pdfbox: $pdfbox_absent"); fi
pkijs_absent=$(npm_missing)
if [ -z "$pkijs_absent" ]; then
  npm_run peer_seals.cjs "$trust" "${files[@]}" >"$work/pkijs" || true
else absent+=("pkijs: $pkijs_absent"); fi

disagreements=0 row='%-36s %-6s %-7s %-7s %-7s %-7s %-7s %-7s %-7s\n'
# shellcheck disable=SC2059  # one format for all rows
printf "$row" file level qpdf pdfsig openssl ts mutool pdfbox pkijs
for file in "${files[@]}"; do
  name=$(basename "$file" .pdf) level=$(level_of "$file") cells=()
  case "$name" in
    *.B-B | *.B-T | *.B-LT | *.B-LTA)
      [ "${name##*.}" = "$level" ] || { echo "$name: is $level" >"$work/said/level of $name"; disagreements=$((disagreements + 1)); } ;;
  esac
  for tool in qpdf pdfsig openssl ts mutool pdfbox pkijs; do
    if [ "$tool" = ts ] && [ "$level" = B-B ]; then cells+=(-)
    elif [[ $tool = pdfbox && -n $pdfbox_absent || $tool = pkijs && -n $pkijs_absent ]]; then cells+=(absent)
    elif "check_$tool" "$file" "$level"; then cells+=(ok)
    else
      cells+=(NO)
      disagreements=$((disagreements + 1))
      cp "$work/out" "$work/said/$tool on $name"
    fi
  done
  # shellcheck disable=SC2059
  printf "$row" "$name" "$level" "${cells[@]}"
done
for said in "$work"/said/*; do
  printf '\n%s:\n' "$(basename "$said")"
  head -n 20 "$said"
done
for tool in "${absent[@]}"; do printf 'not asked: %s\n' "$tool"; done
[ $disagreements = 0 ] || { echo "certificates.sh: $disagreements disagreements" >&2; exit 1; }
[ ${#absent[@]} = 0 ] || [ -z "${HANDSLAG_FULL:-}" ] || { echo "certificates.sh: --full asks everybody" >&2; exit 1; }
