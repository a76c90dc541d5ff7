#!/usr/bin/env bash
# Structure checks against PDF/A-3u and PDF/UA-1, of every PDF in the folders: bash tests/conformance/conformance.sh DIR...
#
#   --clauses         the numbered list of clauses, and how each is checked
#   --mutations FILE  breaks the file against each clause in turn: each check must fire
#
# Ends with 1 when a file does not conform, with 77 (skipped) when Java or PDFBox is not installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../peers/java.sh"
missing=$(java_missing)
[ -z "$missing" ] || { echo "conformance.sh: skipped: $missing"; [ -z "${HANDSLAG_FULL:-}" ] && exit 77 || exit 1; }
classes=$here/../../build/peers/conformance
java_build "$classes" "$here"
shopt -s nullglob
case "${1:?usage: conformance.sh DIR... | --clauses | --mutations FILE}" in
  --clauses) java_run "$classes" Conformance clauses ;;
  --mutations) java_run "$classes" Conformance mutations "$2" ;;
  *)
    files=()
    for folder in "$@"; do files+=("$folder"/*.pdf); done
    [ ${#files[@]} -gt 0 ] || { echo "conformance.sh: no PDF in $*" >&2; exit 2; }
    # Known: the protocol's list of certificates is tagged as paragraphs, not yet as a table.
    java_run "$classes" Conformance check --known table_tagged "${files[@]}"
    ;;
esac
