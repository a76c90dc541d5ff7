#!/usr/bin/env bash
# The short way in a real window under Xvfb, driven by real X events: xvfb.sh KIOSK OUT
# Skips in words (exit 77) where Xvfb or xdotool is missing.
set -euo pipefail
kiosk=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for tool in Xvfb xdotool setxkbmap; do
  if ! command -v $tool >/dev/null; then
    echo "Skipped: $tool is not installed (packages: xvfb, xdotool, x11-xkb-utils)."
    exit 77
  fi
done

rm -rf "$out"
mkdir -p "$out"
"$kiosk" --demo --headless --quiet --journey "$here/open.part" --output "$out"

# A free display, chosen by the server itself. Without -noreset it forgets the keyboard when setxkbmap leaves.
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>"$out/display" 2>/dev/null &
server=$!
window=
trap 'kill ${window:-} $server 2>/dev/null || true' EXIT
for _ in $(seq 600); do [ -s "$out/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$out/display")
export DISPLAY
setxkbmap se  # so that å ä ö are keys, as on a Swedish keyboard
SDL_VIDEODRIVER=x11 "$kiosk" --demo --quiet --measure --store "$out/store" --stick "$out/no-stick" --media "$out/no-media" \
  --labels "$out/labels" 2>"$out/journal" &
window=$!

. "$here/xvfb_hand.sh"

to_the_signature
sign stopped
tap "Fortsätt" button
where "Stämmer allt?" >/dev/null
leaf
tap "Skriv under överenskommelsen" button
where "Nu skriver" >/dev/null
sign
tap "Försegla" button
where "Ert intyg har nummer" >/dev/null
if command -v import >/dev/null; then import -window root "$out/window.png"; fi
xdotool key --clearmodifiers alt+F4 2>/dev/null || true
kill -TERM $window 2>/dev/null || true
wait $window || true
window=
grep measured "$out/journal" || fail "the kiosk did not end in order"
grep -q "first content" "$out/journal" || fail "no first content was measured"
# Two waves of 44 moves each, the one across the stop whole.
drawn=$(awk '/measured ink events/ { print int($4) }' "$out/journal")
[ "$drawn" = 88 ] || fail "of 88 moves of the pen $drawn were drawn"
echo "Signed and sealed in a real window."
