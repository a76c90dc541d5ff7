#!/usr/bin/env bash
# What the kiosk costs: start to first content, last confirming tap to a durable sealed certificate, frames and CPU while
# nothing happens and while somebody draws, memory. In software rendering, in a window under Xvfb where there is one.
#
#   bash tests/bench/kiosk.sh [KIOSK] [ROUNDS]     KIOSK: a release build's handslag-kiosk
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
kiosk=${1:-build/release/bin/handslag-kiosk} rounds=${2:-10}
[ -x "$kiosk" ] || { echo "$kiosk is not there: cmake --preset release && cmake --build --preset release" >&2; exit 2; }
work=$(mktemp -d)
server=
window=
trap '[ -z "$window" ] || kill $window 2>/dev/null; [ -z "$server" ] || kill $server 2>/dev/null; rm -rf "$work"' EXIT

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
highest() { sort -n | tail -n1; }

if command -v Xvfb >/dev/null; then
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>"$work/display" 2>/dev/null &
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

line() { printf '  %-52s %8s %s\n' "$@"; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
percent() { awk "BEGIN { d = $1; print (d > 0 ? d : 0) / $(getconf CLK_TCK) / $2 * 100 }"; }  # TICKS SECONDS
noted() { awk -v what="measured $2 " 'index($0, what) == 1 { print substr($0, length(what) + 1) + 0 }' "$1"; }

idle() { # idle SECONDS -> "pages passes ticks"
  "$kiosk" --demo --quiet --measure --store "$work/out/store" --stick "$work/none" --media "$work/none" \
    2>"$work/idle" &
  local pid=$! used
  sleep "$1"
  used=$(ticks $pid)
  kill -TERM $pid && wait $pid || true
  echo "$(noted "$work/idle" "pages drawn") $(noted "$work/idle" passes) $used"
}
read -r pages_short passes_short ticks_short < <(idle 2)
read -r pages_long passes_long ticks_long < <(idle 32)
line "pages drawn in thirty idle seconds" "$(awk "BEGIN { print $pages_long - $pages_short }")" ""
line "passes in thirty idle seconds" "$(awk "BEGIN { print $passes_long - $passes_short }")" ""
line "CPU in thirty idle seconds" "$(percent "$ticks_long - $ticks_short" 30)" "%"

if [ -z "$server" ] || ! command -v xdotool >/dev/null || ! command -v setxkbmap >/dev/null; then
  echo "Nobody draws: Xvfb, xdotool and setxkbmap do that (packages: xvfb, xdotool, x11-xkb-utils)."
  exit
fi
events=2000 rate=250  # asked for: xdotool's own work takes a fifth of it, and 200 are to come
echo "Somebody draws: $events events in strokes of 200, at 200 a second or more"
out=$work/draw
mkdir -p "$out"
"$kiosk" --demo --headless --quiet --journey tests/journeys/open.part --output "$out" >/dev/null
setxkbmap se
"$kiosk" --demo --quiet --measure --store "$out/store" --stick "$work/none" --media "$work/none" \
  --labels "$out/labels" 2>"$out/journal" &
window=$!
. tests/journeys/xvfb_hand.sh
to_the_signature
read -r x y < <(where "" sign_area)
awk -v x="$x" -v y="$y" -v events=$events -v rate=$rate 'BEGIN {
  for (i = 0; i < events; ++i) {
    printf "mousemove %d %d\n", x - 250 + (i % 200) * 2.5, y + 60 * sin(i / 7)
    if (i % 200 == 0) print "mousedown 1"
    if (i % 200 == 199) print "mouseup 1"
    printf "sleep %.4f\n", 1 / rate
  }
}' >"$out/strokes"
before=$(ticks $window) begun=$(date +%s%N)
xdotool "$out/strokes"
took=$(awk "BEGIN { print ($(date +%s%N) - $begun) / 1e9 }")
used=$(($(ticks $window) - before))
kill -TERM $window && wait $window || true
window=
line "events a second that came from X" "$(awk "BEGIN { printf \"%.0f\", $events / $took }")" "$(awk "BEGIN { if ($events / $took < 200) print \"(too few: what follows shows less than it should)\" }")"
line "moves of the pen" "$(noted "$out/journal" "ink events")" ""
line "of which the next frame did not show" "$(noted "$out/journal" "late ink events")" ""
line "ink frames" "$(noted "$out/journal" "ink frames")" ""
line "the Ui's work for an ink frame, without rendering" "$(noted "$out/journal" "work of an ink frame")" "ms (mean), $(noted "$out/journal" "most work of an ink frame") ms (longest)"
line "the Ui's work for a pass, without rendering" "$(noted "$out/journal" "work of a pass")" "ms (mean)"
line "CPU while drawing" "$(percent "$used" "$took")" "%"
