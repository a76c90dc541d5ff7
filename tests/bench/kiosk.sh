#!/usr/bin/env bash
# What the kiosk costs: start to first content, last confirming tap to a durable sealed certificate, frames and CPU while
# nothing happens, memory. In software rendering, in a window under Xvfb where there is one.
#
#   bash tests/bench/kiosk.sh [KIOSK] [ROUNDS]     KIOSK: a release build's handslag-kiosk
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
kiosk=${1:-build/release/bin/handslag-kiosk} rounds=${2:-10}
[ -x "$kiosk" ] || { echo "$kiosk is not there: cmake --preset release && cmake --build --preset release" >&2; exit 2; }
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill $server 2>/dev/null; rm -rf "$work"' EXIT

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
highest() { sort -n | tail -n1; }

if command -v Xvfb >/dev/null; then
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
  server=$!
  for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
  DISPLAY=:$(cat "$work/display")
  export DISPLAY SDL_VIDEODRIVER=x11
  place="a window under Xvfb"
else
  export SDL_VIDEODRIVER=offscreen
  place="SDL's offscreen driver (Xvfb is not installed)"
fi
export LIBGL_ALWAYS_SOFTWARE=1

echo "A whole demonstration, headless"
SDL_VIDEODRIVER='' "$kiosk" --demo --headless --output "$work/out" >/dev/null 2>"$work/journal"
grep -o 'complete_signing done in [0-9.]*' "$work/journal" | awk '{ print $4 }' >"$work/signings"
printf '  %-52s %8s ms (median), %s ms (highest of %s)\n' "last confirming tap to durable sealed certificate" \
  "$(median <"$work/signings")" "$(highest <"$work/signings")" "$(wc -l <"$work/signings")"

echo "Started $rounds times in $place, with that store"
for _ in $(seq "$rounds"); do
  "$kiosk" --demo --quiet --measure --store "$work/out/store" --stick "$work/none" --media "$work/none" \
    --labels "$work/labels" 2>"$work/started" &
  pid=$!
  for _ in $(seq 100); do grep -q 'first content' "$work/started" && break; sleep 0.05; done
  kill -TERM $pid && wait $pid || true
  awk '/first content/ { print $5 }' "$work/started" >>"$work/starts"
  awk '/memory/ { print $4 }' "$work/started" >>"$work/memory"
done
printf '  %-52s %8s ms (median), %s ms (highest)\n' "start to first content" "$(median <"$work/starts")" "$(highest <"$work/starts")"
printf '  %-52s %8s MB\n' "memory (PSS) at the passphrase" "$(median <"$work/memory")"

idle() { # idle SECONDS -> "pages ticks"
  "$kiosk" --demo --quiet --measure --store "$work/out/store" --stick "$work/none" --media "$work/none" \
    2>"$work/idle" &
  local pid=$! ticks
  sleep "$1"
  ticks=$(awk '{ print $14 + $15 }' /proc/$pid/stat)
  kill -TERM $pid && wait $pid || true
  echo "$(awk '/pages drawn/ { print $4 }' "$work/idle") $ticks"
}
read -r pages_short ticks_short < <(idle 2)
read -r pages_long ticks_long < <(idle 12)
printf '  %-52s %8s\n' "pages drawn in ten idle seconds" "$(awk "BEGIN { print $pages_long - $pages_short }")"
printf '  %-52s %8s %%\n' "CPU in ten idle seconds" \
  "$(awk "BEGIN { d = $ticks_long - $ticks_short; print (d > 0 ? d : 0) / $(getconf CLK_TCK) / 10 * 100 }")"
