#!/usr/bin/env bash
# Asks the common validators about every certificate in a folder: bash tests/certificates.sh DIR CA.pem
#
#   qpdf      the file is sound (qpdf --check)
#   pdfsig    poppler and NSS: valid, trusted, whole document (its exit code says nothing: its words are read)
#   openssl   openssl cms -verify -cades, with the seal cut out of the file here
#   mutool    MuPDF: unchanged since signing (always exits 0: its words are read)
#
# CA.pem holds the trusted root certificates. Ends with 1 when one of them disagrees, with 2 when there is nothing to ask.
set -euo pipefail

folder=${1:?usage: certificates.sh DIR CA.pem} trust=$(realpath "${2:?usage: certificates.sh DIR CA.pem}")
for tool in qpdf pdfsig certutil openssl mutool xxd; do
  command -v "$tool" >/dev/null || { echo "certificates.sh: $tool is missing" >&2; exit 2; }
done
shopt -s nullglob
files=("$folder"/*.pdf)
[ ${#files[@]} -gt 0 ] || { echo "certificates.sh: no PDF in $folder" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/nss"
certutil -N -d "sql:$work/nss" --empty-password
csplit -s -z -f "$work/ca-" "$trust" '/-----BEGIN CERTIFICATE-----/' '{*}'
for ca in "$work"/ca-*; do
  grep -q 'BEGIN CERTIFICATE' "$ca" || continue
  certutil -A -d "sql:$work/nss" -n "$(basename "$ca")" -t CT,CT,CT -i "$ca"
done

check_qpdf() { qpdf --check "$1" >"$work/out" 2>&1; }

check_pdfsig() {
  pdfsig -no-ocsp -nssdir "$work/nss" "$1" >"$work/out" 2>&1
  grep -q 'Signature is Valid' "$work/out" && grep -q 'Certificate is Trusted' "$work/out" &&
    grep -q 'Total document signed' "$work/out" && [ "$(grep -c '^Signature #' "$work/out")" = 1 ]
}

# The hole is what the byte range leaves out, < and > included; the seal's own length stands in its DER header.
check_openssl() {
  local first second length rest seal header size
  read -r first second length rest < <(grep -a -o -m1 '/ByteRange \[ *[0-9]* *[0-9]* *[0-9]* *[0-9]* *\]' "$1" | tr -dc '0-9 \n')
  [ "$first" = 0 ] && [ $((length + rest)) = "$(stat -c %s "$1")" ] || { echo 'byte range' >"$work/out"; return 1; }
  { head -c "$second" "$1"; tail -c "$rest" "$1"; } >"$work/content"
  seal=$(tail -c +$((second + 2)) "$1" | head -c $((length - second - 2)))
  header=${seal:0:8}
  [ "${header:0:4}" = 3082 ] || { echo 'no DER' >"$work/out"; return 1; }
  size=$((16#${header:4:4} + 4))
  printf '%s' "${seal:0:$((size * 2))}" | xxd -r -p >"$work/seal"
  openssl cms -verify -cades -binary -inform DER -in "$work/seal" -content "$work/content" -CAfile "$trust" -purpose any \
    -out /dev/null >"$work/out" 2>&1
}

check_mutool() {
  mutool sign -v "$1" >"$work/out" 2>&1
  grep -q 'The document is unchanged since signing' "$work/out" && ! grep -q 'Signature error' "$work/out"
}

disagreements=0
printf '%-36s %-8s %-8s %-8s %-8s\n' file qpdf pdfsig openssl mutool
for file in "${files[@]}"; do
  printf '%-36s' "$(basename "$file")"
  for tool in qpdf pdfsig openssl mutool; do
    if "check_$tool" "$file"; then
      printf ' %-8s' ok
    else
      printf ' %-8s' NO
      disagreements=$((disagreements + 1))
      cp "$work/out" "$work/said-$tool-$(basename "$file")"
    fi
  done
  printf '\n'
done
for said in "$work"/said-*; do
  printf '\n%s:\n' "$(basename "$said")"
  head -n 20 "$said"
done
[ $disagreements = 0 ] || { echo "certificates.sh: $disagreements disagreements" >&2; exit 1; }
