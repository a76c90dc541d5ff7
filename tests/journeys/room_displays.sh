#!/usr/bin/env bash
# The room on a projector that is plugged in, on a real X server: room_displays.sh KIOSK OUT
# Skips in words (exit 77) where Xorg, its dummy driver, xrandr or xdotool is missing, or may not be started.
set -euo pipefail
kiosk=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for tool in Xorg xrandr xdotool; do
  if ! command -v $tool >/dev/null; then
    echo "Skipped: $tool is not installed (packages: xserver-xorg-core, x11-xserver-utils, xdotool)."
    exit 77
  fi
done
if [ ! -f /usr/lib/xorg/modules/drivers/dummy_drv.so ]; then
  echo "Skipped: no dummy display driver is installed (package: xserver-xorg-video-dummy)."
  exit 77
fi

rm -rf "$out"
mkdir -p "$out"
"$kiosk" --demo --headless --quiet --journey "$here/open.part" --output "$out"

cat >"$out/xorg.conf" <<'END'
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 4096 2160
  EndSubSection
EndSection
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
EndSection
END
Xorg -displayfd 3 -noreset -nolisten tcp -config "$out/xorg.conf" -logfile "$out/xorg.log" 3>"$out/display" 2>/dev/null &
server=$!
kiosk_pid=
trap 'kill ${kiosk_pid:-} $server 2>/dev/null || true' EXIT
for _ in $(seq 600); do
  [ -s "$out/display" ] && break
  kill -0 $server 2>/dev/null || { echo "Skipped: Xorg may not be started here."; exit 77; }
  sleep 0.1
done
DISPLAY=:$(cat "$out/display")
export DISPLAY
xrandr --output DUMMY0 --mode 1400x1050
xrandr --newmode projector 148.5 1920 2008 2052 2200 1080 1084 1089 1125
xrandr --addmode DUMMY1 projector

begin() {
  SDL_VIDEODRIVER=x11 "$kiosk" --demo --room screen --size 1400x1050 --quiet --measure --store "$out/store" \
    --stick "$out/no-stick" --media "$out/no-media" --labels "$out/labels" 2>"$out/journal" &
  kiosk_pid=$!
}
finish() {
  kill -TERM $kiosk_pid
  wait $kiosk_pid || fail "the kiosk did not end in order"
  kiosk_pid=
  grep "measured room" "$out/journal" || fail "the room drew nothing"
}

fail() {
  echo "FAILED: $1; windows:" >&2
  windows >&2
  tail -n 5 "$out/journal" >&2
  exit 1
}
# One line for each of the kiosk's windows that is on screen: x,y width x height
windows() {
  local id
  for id in $(xdotool search --onlyvisible --name '^Handslag( Room)?$' 2>/dev/null || true); do
    xdotool getwindowgeometry --shell "$id" | awk -F= '/^(X|Y|WIDTH|HEIGHT)=/ { printf "%s ", $2 } END { print "" }'
  done | sort -n
}
# expect WORDS LINES: within a minute
expect() {
  for _ in $(seq 600); do
    [ "$(windows)" = "$2" ] && return
    kill -0 $kiosk_pid 2>/dev/null || fail "the kiosk ended"
    sleep 0.1
  done
  fail "$1"
}
# on_screen TEXT: within a minute
on_screen() {
  for _ in $(seq 600); do
    grep -q "$1" "$out/labels" 2>/dev/null && return
    sleep 0.1
  done
  fail "the tablet never shows \"$1\""
}
tablet="0 0 1400 1050 " room="1400 0 1920 1080 "

begin
expect "the tablet's window alone" "$tablet"
on_screen "Lösenfras"
at=$(awk -F'\t' '$3 == "field" { print $1, $2; exit }' "$out/labels")
# shellcheck disable=SC2086  # two numbers
xdotool mousemove $at mousedown 1 mouseup 1
on_screen "	key	"
xdotool type --delay 30 "ett"
on_screen "•••"
xrandr --output DUMMY1 --mode projector --right-of DUMMY0
xrandr >/dev/null  # the driver says that it is there when somebody asks
expect "a projector, and the room on it" "$tablet
$room"
# What was being written goes on where it was, and a click in the room is nobody's.
xdotool type --delay 30 "a"
xdotool mousemove 2000 500 mousedown 1 mouseup 1
xdotool type --delay 30 "b"
on_screen "•••••"
if command -v import >/dev/null; then import -window root "$out/two-screens.png"; fi
finish

begin
expect "a projector that was there from the beginning" "$tablet
$room"
finish
echo "The room stands on the projector, and the tablet stood still."
