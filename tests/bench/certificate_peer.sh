#!/usr/bin/env bash
# What a certificate costs, beside pdf-lib with @signpdf on the same page, in the same run and in turns:
# bash tests/bench/certificate_peer.sh PROGRAM [ROUNDS]      PROGRAM: build/dev/bin/certificate_peer
#
# Medians of three turns, in milliseconds. Ours makes PDF/A-3u, PDF/UA-1 and PAdES with arms and record; the other a plain page with an
# RSA-2048 seal. "structure" is, for the other, the empty signature field and the writing of the file.
set -euo pipefail
program=$(realpath "${1:?usage: certificate_peer.sh PROGRAM [ROUNDS]}") rounds=${2:-60}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../peers/npm.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" prepare "$work"

missing=$(npm_missing)
if [ -n "$missing" ]; then
  echo "certificate_peer.sh: nothing to compare with: $missing"
else
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/rsa.key" -subj /CN=Peer -days 30 -out "$work/rsa.pem" 2>/dev/null
  openssl pkcs12 -export -inkey "$work/rsa.key" -in "$work/rsa.pem" -passout pass:peer -out "$work/seal.p12"
fi

# median FILE STAGE COLUMN: of the lines that the turns have left in a file
median() {
  awk -F '\t' -v stage="$2" -v column="$3" '$1==stage && $column!=""{print $column}' "$1" | sort -n |
    awk '{all[NR]=$1} END{if (NR) print all[int((NR+1)/2)]}'
}

# cold COMMAND...: how long it takes, processor time included
cold() {
  local took
  took=$(TIMEFORMAT='%R %U %S'; { time "$@" >/dev/null; } 2>&1)
  awk '{printf "cold process\t%.0f\t\t%.0f\n", $1 * 1000, ($2 + $3) * 1000}' <<<"$took"
}

touch "$work/ours" "$work/peer"
for turn in 1 2 3; do
  "$program" time "$work" $((rounds / 3)) >>"$work/ours"
  [ -n "$missing" ] || npm_run peer_maker.cjs time "$work" $((rounds / 3)) >>"$work/peer"
  for again in 1 2 3; do
    cold "$program" make "$work" "$work/ours.pdf" >>"$work/ours"
    [ -n "$missing" ] || [ "$again" != 1 ] || cold npm_run peer_maker.cjs make "$work" "$work/peer.pdf" >>"$work/peer"
  done
done

printf '%-16s %8s %8s %8s | %12s %8s | %6s\n' ms 'ours p50' p95 cpu 'pdf-lib p50' cpu ratio
for stage in layout draw structure seal whole verify 'extend to B-T' 'extend to B-LT' 'extend to B-LTA' 'cold process' size; do
  ours=$(median "$work/ours" "$stage" 2) peer=$(median "$work/peer" "$stage" 2)
  ratio=$(awk -v a="$ours" -v b="${peer:-0}" 'BEGIN{if (b > 0 && a > 0) printf "%.1fx", b / a}')
  printf '%-16s %8s %8s %8s | %12s %8s | %6s\n' "${stage/size/size, bytes}" "$ours" "$(median "$work/ours" "$stage" 3)" \
    "$(median "$work/ours" "$stage" 4)" "${peer:--}" "$(median "$work/peer" "$stage" 4)" "$ratio"
done
echo "'whole' is, for us, layout to seal and our own verifier's check of what was made; cpu is processor time, which other"
echo "work on the machine does not stretch."
