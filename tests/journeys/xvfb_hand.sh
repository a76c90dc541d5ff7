# A hand in a real window, by X events: sourced by xvfb.sh and by tests/bench/kiosk.sh.
# Wants: $out (with labels and journal), $window (the kiosk's process), DISPLAY.
# shellcheck shell=bash disable=SC2154

fail() {
  echo "FAILED: $1; on screen:" >&2
  cut -f3-5 "$out/labels" >&2
  tail -n 5 "$out/journal" >&2
  exit 1
}

# on_screen PREFIX [ROLE] -> "x y" of the first thing that begins so, or nothing
on_screen() {
  [ -f "$out/labels" ] || return 0
  awk -F'\t' -v label="$1" -v role="${2:-}" \
    'index($4, label) == 1 && (role == "" || $3 == role) { print $1, $2; exit }' "$out/labels"
}
# Until the screen has answered: what is tapped next stands where it will stay. Two seconds where a click changes nothing.
click() {
  cp "$out/labels" "$out/labels-before"
  xdotool mousemove "$1" "$2" mousedown 1 mouseup 1
  for _ in $(seq 20); do
    sleep 0.1
    cmp -s "$out/labels" "$out/labels-before" || return 0
  done
}

# where PREFIX [ROLE] -> the same, within 20 seconds, on this screen's further pages too
where() {
  local found more turn
  for turn in $(seq 200); do
    found=$(on_screen "$@")
    [ -n "$found" ] && { echo "$found"; return; }
    more=$(on_screen "Visa mer" button)
    # shellcheck disable=SC2086  # two numbers
    if [ $((turn % 20)) = 10 ] && [ -n "$more" ]; then click $more; fi
    kill -0 $window 2>/dev/null || fail "the kiosk ended before \"$1\""
    sleep 0.1
  done
  fail "\"$1\" did not appear"
}
tap() {
  local at
  at=$(where "$@")
  # shellcheck disable=SC2086  # two numbers
  click $at
}
# holds VALUE: a field does, within 20 seconds
holds() {
  for _ in $(seq 200); do
    cut -f5 "$out/labels" | grep -qxF "$1" && return
    sleep 0.1
  done
  fail "no field holds \"$1\""
}
# leaf: to the last of the screen's pages, as somebody who reads them all
leaf() {
  local more turn
  for turn in $(seq 20); do
    more=$(on_screen "Visa mer" button)
    [ -n "$more" ] || return 0
    # shellcheck disable=SC2086  # two numbers
    click $more
  done
}
# sign [stopped]: waves across the signing area, as a hand would; the kiosk's process is stopped for a second meanwhile, as
# by a sleep, and nobody lifts the pen for that
sign() {
  local at x y i
  at=$(where "" sign_area)
  x=${at% *} y=${at#* }
  xdotool mousemove $((x - 220)) "$y" mousedown 1
  for i in $(seq 1 44); do
    if [ "${1:-}" = stopped ] && [ "$i" = 15 ]; then kill -STOP $window; fi
    if [ "${1:-}" = stopped ] && [ "$i" = 30 ]; then sleep 1; kill -CONT $window; fi
    xdotool mousemove $((x - 220 + i * 10)) $((y + (i % 8 < 4 ? -1 : 1) * (10 + i % 5 * 12)))
  done
  xdotool mouseup 1
  sleep 0.3
}

# From the passphrase to where Schackklubben Springaren signs.
to_the_signature() {
  tap "Lösenfras" field
  xdotool type --delay 40 "$(head -n1 "$out/store/demo-ca/passphrase.txt")"
  tap "Öppna" button
  tap "Svenska"
  tap "Jag har läst"
  tap "Sök på namn eller ort" field
  xdotool type --delay 40 "springaren"
  holds "springaren"  # the list is as short as it will be
  tap "Schackklubben Springaren"
  tap "Kod" field
  xdotool type --delay 40 "739164"
  tap "Öppna" button
  tap "Jag har sett vem det är"
  tap "Jag har sett rätten att skriva under"
  tap "Klart" button
  where "Steg 2" >/dev/null
  tap "Jag har läst"
  for sentence in "Vår organisation arbetar" "Vår organisation bygger" "Vår organisation är fristående" \
    "Vår organisation är verksam"; do tap "$sentence"; done
  tap "Fortsätt"
  where "Vill ni också" >/dev/null
  tap "Fortsätt"
}
