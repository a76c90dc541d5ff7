#!/usr/bin/env bash
# Structure checks against PDF/A-3u and PDF/UA-1, of every PDF in the folders: bash tests/conformance/conformance.sh DIR...
#
#   --clauses           the numbered list of clauses, and how each is checked
#   --mutations FILE    breaks the file against each clause in turn: each check must fire
#   --preflight DIR...  PDFBox preflight (PDF/A-1b) instead, with the list of what PDF/A-3 permits besides
#
# Ends with 1 when a file does not conform, with 77 (skipped) when Java or PDFBox is not installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../peers/java.sh"
missing=$(java_missing)
if [ -n "$missing" ]; then
  echo "conformance.sh: skipped: $missing"
  [ -n "${HANDSLAG_FULL:-}" ] && exit 1
  exit 77
fi
classes=$here/../../build/peers/conformance
java_build "$classes" "$here"
shopt -s nullglob

# files_in DIR...: their PDFs, into `files`
files_in() {
  local folder
  files=()
  for folder in "$@"; do files+=("$folder"/*.pdf); done
  [ ${#files[@]} -gt 0 ] || { echo "conformance.sh: no PDF in $*" >&2; exit 2; }
}

# Preflight must find something in each of these damaged copies, or it finds nothing anywhere.
preflight_can_fail() {
  local change
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  for change in 's|/OutputIntents|/OutputIntentz|' 's|/S /GTS_PDFA1|/S /GTS_PDFX1|' 's|/F 132 |/F 134 |' 's|/FontFile2|/FontFile9|'; do
    sed "$change" "$1" >"$work/changed.pdf"
    cmp -s "$1" "$work/changed.pdf" && { echo "conformance.sh: nothing to change: $change" >&2; return 1; }
    java_run "$classes" Preflight "$work/changed.pdf" >"$work/said" || true
    grep -q FOUND "$work/said" || { echo "conformance.sh: preflight does not see $change" >&2; return 1; }
    echo "found, as it should be: $change"
  done
}

case "${1:?usage: conformance.sh DIR... | --clauses | --mutations FILE | --preflight DIR...}" in
  --clauses) java_run "$classes" Conformance clauses ;;
  --mutations) java_run "$classes" Conformance mutations "$2" ;;
  --preflight)
    files_in "${@:2}"
    java_run "$classes" Preflight "${files[@]}"
    preflight_can_fail "${files[0]}"
    ;;
  *)
    files_in "$@"
    java_run "$classes" Conformance check "${files[@]}"
    ;;
esac
