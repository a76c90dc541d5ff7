#!/usr/bin/env bash
# Many signings in one process, with the real store and seal: endurance.sh KIOSK OUT
# Every page is painted (--measure). Resident memory must not grow with them. 40 signings; with HANDSLAG_FULL=1, 500.
set -euo pipefail
kiosk=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -n "${HANDSLAG_FULL:-}" ]; then
  last=500 marks="50 250 500" allowance_mb=10
else
  last=40 marks="10 25 40" allowance_mb=6
fi
rm -rf "$out"
mkdir -p "$out"
cp -rL "$here/../../assets/demo" "$out/ceremony"
cp -rL "$here/../../assets/agreements" "$out/agreements"
{
  head -n1 "$here/../../assets/demo/expected.csv"
  for i in $(seq "$last"); do
    printf 'Grannlaget %03d;natverk;;Bergvik;Åsa Öberg;samordnare;alone;grann%d@exempel.example;Stormötet;2026-03-15\n' "$i" "$i"
  done
} >"$out/ceremony/expected.csv"

# One signing after another, each with its own visitor and host.
{
  echo "include \"$here/open.part\""
  for i in $(seq "$last"); do
    name=$(printf 'Grannlaget %03d' "$i")
    cat <<END
tap "Svenska"
tap "Jag har läst"
fill "Sök på namn eller ort" "$name"
tap "$name"
include "$here/admit.part"
include "$here/criteria.part"
tap "Fortsätt"
sign "Åsa Öberg"
tap "Fortsätt"
leaf
tap "Skriv under överenskommelsen"
sign "Karin Lindqvist"
tap "Försegla"
see "Ert intyg har nummer"
tap "Klar"
see "har skrivit under här."
END
    case " $marks " in *" $i "*) echo "hand measure $i" ;; *) [ $((i % 10)) != 0 ] || echo "hand measure $i" ;; esac
  done
} >"$out/endurance.journey"

"$kiosk" --demo --headless --quiet --measure --ceremony "$out/ceremony" --journey "$out/endurance.journey" --output "$out" >"$out/log"
grep -q 'audit found nothing wrong' "$out/log"
[ "$(grep -c 'verified: valid' "$out/log")" = "$last" ]
awk -v marks=" $marks " -v allowance="$allowance_mb" '
  $2 == "measured:" {
    at = $1; memory = $3; seconds = $5; count = at - before; before = at
    if (index(marks, " " at " ")) {
      printf "after %d signings: %.1f MB resident\n", at, memory
      if (first_mark == "") first_mark = memory
      last_memory = memory
    }
    if (at <= 10 || first_pace == "") first_pace = seconds / count
    last_pace = seconds / count
  }
  END {
    growth = last_memory - first_mark
    printf "growth %.1f MB (at most %d); a signing takes %.2f s, at first %.2f s: ratio %.2f\n", growth, allowance,
      last_pace, first_pace, last_pace / first_pace
    exit growth > allowance
  }' "$out/log" || { echo "FAILED: memory grows with every signing" >&2; exit 1; }
