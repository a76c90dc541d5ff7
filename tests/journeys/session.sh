#!/usr/bin/env bash
# The tablet's session as it is installed, on a real compositor: the projector comes, goes and comes again while somebody
# writes, the kiosk crashes and comes back, and the session ends when the kiosk ends.   session.sh KIOSK OUT
# The session's compositor stands in the windows of another one, which shows on nothing.
# Keyboards come and go as well, as when one is plugged in: the seat has none of its own. (No package of Debian's brings a
# screen to touch in this way; journey_fingers touches the window.)
# Skips in words (exit 77) where sway, Xwayland, xrandr, xdotool or wtype is missing, or sway may not be started.
set -euo pipefail
kiosk=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
installed=$here/../../installer/session
for tool in sway Xwayland xrandr xdotool wtype; do
  if ! command -v $tool >/dev/null; then
    echo "Skipped: $tool is not installed (packages: sway, xwayland, x11-xserver-utils, xdotool, wtype)."
    exit 77
  fi
done

# sway refuses to be root; a tablet's session has a user of its own anyway.
if [ "$(id -u)" = 0 ]; then
  rm -rf "$out"
  mkdir -p "$out"
  chown nobody:nogroup "$out"
  as=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
  if ! "${as[@]}" test -x "$kiosk" -a -w "$out" -a -r "$0"; then
    echo "Skipped: as root this needs a folder that the user nobody can read."
    exit 77
  fi
  exec "${as[@]}" env HOME="$out" TMPDIR="$out" bash "$0" "$@"
fi
rm -rf "${out:?}"/*
mkdir -p "$out/bin"
"$kiosk" --demo --headless --quiet --journey "$here/open.part" --output "$out"

# What /usr/bin and /etc/handslag hold on a tablet.
cp "$installed/handslag-session" "$out/bin/handslag-session"
cat >"$out/bin/handslag-kiosk" <<END
#!/bin/sh
# --fullscreen --ceremony DIR --store DIR, and what lets a test look
rm -f "$out/labels"
echo \$\$ >"$out/pid"
exec "$kiosk" "\$@" --demo --quiet --measure --stick "$out/no-stick" --media "$out/no-media" --labels "$out/labels" 2>>"$out/journal"
END
chmod +x "$out/bin/handslag-kiosk"
export PATH="$out/bin:$PATH" HANDSLAG_STORE="$out/store"
HANDSLAG_CEREMONY=$here/../../assets/demo
export HANDSLAG_CEREMONY
# The nested compositor calls its displays WL-1, WL-2 ...; its own socket is told to us.
sed 's/^workspace room output .*/workspace room output WL-2 WL-3/' "$installed/sway.config" >"$out/sway.config"
grep -q 'output WL-2' "$out/sway.config"
printf 'exec printf "%%s %%s %%s" "$SWAYSOCK" "$DISPLAY" "$WAYLAND_DISPLAY" >"%s/session"\n' "$out" >>"$out/sway.config"

XDG_RUNTIME_DIR=$(mktemp -d)
export XDG_RUNTIME_DIR WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1
unset DISPLAY WAYLAND_DISPLAY SWAYSOCK
world= session=
leave() {
  # shellcheck disable=SC2046  # all that were started and have not ended, keyboards too
  kill $(jobs -p) 2>/dev/null || true
  for _ in $(seq 100); do
    [ -n "$(jobs -r)" ] || break
    sleep 0.1
  done
  # shellcheck disable=SC2046
  kill -KILL $(jobs -p) 2>/dev/null || true
  wait
  rm -rf "$XDG_RUNTIME_DIR"
}
trap leave EXIT

# The reason stands last: where output is cut, its end is what is left.
fail() {
  {
    tail -v -n 20 "$out/session.log" "$out/journal" "$out/labels" || true
    echo "displays:"
    displays || true
    echo "windows, and the one that has the keys:"
    windows || true
    with_the_keys || true
    echo "FAILED: $1"
  } >&2
  exit 1
}
# Of a busy machine nothing is asked but that it comes there: a wait that is over early costs nothing.
# within WORDS SECONDS COMMAND...
within() {
  local words=$1 tenths=$(($2 * 10)) turn
  shift 2
  for turn in $(seq "$tenths"); do
    "$@" && return
    sleep 0.1
  done
  fail "$words"
}

cat >"$out/world.config" <<END
xwayland disable
default_border none
default_floating_border none
for_window [app_id=".*"] floating enable
exec printf "%s %s" "\$WAYLAND_DISPLAY" "\$SWAYSOCK" >"$out/world"
END
WLR_BACKENDS=headless sway --config "$out/world.config" >"$out/world.log" 2>&1 &
world=$!
for _ in $(seq 600); do
  [ -s "$out/world" ] && break
  kill -0 $world 2>/dev/null || { echo "Skipped: sway may not be started here."; exit 77; }
  sleep 0.1
done
read -r wayland world_socket <"$out/world" || true
WAYLAND_DISPLAY=$wayland WLR_BACKENDS=wayland sway --config "$out/sway.config" >"$out/session.log" 2>&1 &
session=$!
within "the session begins" 60 test -s "$out/session"
read -r SWAYSOCK DISPLAY seat <"$out/session" || true
if [ -z "$DISPLAY" ]; then
  echo "Skipped: Xwayland may not be started here."
  exit 77
fi
export DISPLAY SWAYSOCK

# One line for each of the kiosk's windows: its name, x, y, width, height
windows() {
  local id
  for id in $(xdotool search --onlyvisible --name '^Handslag' 2>/dev/null || true); do
    printf '%s: ' "$(xdotool getwindowname "$id" 2>/dev/null)"  # which may be gone by now
    { xdotool getwindowgeometry --shell "$id" 2>/dev/null || true; } | awk -F= '/^(X|Y|WIDTH|HEIGHT)=/ { printf "%s ", $2 } END { print "" }'
  done | LC_ALL=C sort
}
# Where the session's displays stand: x y width height of each, in their order
displays() { xrandr | sed -n 's/^XWAYLAND[0-9]* connected \([0-9]*\)x\([0-9]*\)+\([0-9]*\)+\([0-9]*\).*/\3 \4 \1 \2 /p' | sort -n; }
shown_on() { # shown_on FIRST [SECOND]: the tablet on that display, the room on the other
  local wanted="Handslag: $1"
  [ $# = 1 ] || wanted="Handslag Room: $2
$wanted"
  [ "$(windows)" = "$wanted" ]
}
plug() { swaymsg create_output >/dev/null; within "a second display" 60 two_displays; }
unplug() { swaymsg --socket "$world_socket" "[title=\"WL-$1\"] kill" >/dev/null; within "one display" 60 one_display; }
one_display() { [ "$(displays | wc -l)" = 1 ]; }
two_displays() { [ "$(displays | wc -l)" = 2 ]; }
nth() { displays | sed -n "$1p"; }
keyboards() { swaymsg -t get_inputs | grep -c '"type": "keyboard"' || true; }
keyboards_are() { [ "$(keyboards)" = "$1" ]; }
# The compositor gives the keys back to the tablet a little after a window of the room's has come or gone.
with_the_keys() { xdotool getwindowfocus getwindowname 2>/dev/null; }
tablet_has_the_keys() { [ "$(with_the_keys)" = "Handslag" ]; }
# new_keyboard TEXT DOTS: one comes, writes and goes again, and so many stand in the field then. It stays until it is pulled
# out: how long the rest takes depends on the machine.
new_keyboard() {
  local before keyboard
  within "the tablet has the keys" 60 tablet_has_the_keys
  before=$(keyboards)
  WAYLAND_DISPLAY=$seat wtype -s 3000 "$1" -s 600000 &
  keyboard=$!
  within "a keyboard has come" 60 keyboards_are $((before + 1))
  within "what it typed stands there: $2" 60 dots "$2"
  kill $keyboard || fail "the keyboard went by itself"
  within "the keyboard has gone" 60 keyboards_are "$before"
  dots "$2" || fail "something was typed as the keyboard went"
}
dots() { grep -q "	$1\$" "$out/labels"; }
types() { # types TEXT DOTS: and so many stand in the field then
  within "the tablet has the keys" 60 tablet_has_the_keys
  xdotool type --delay 30 "$1"
  within "what was typed stands there: $2" 60 dots "$2"
}
on_screen() { grep -q "$1" "$out/labels" 2>/dev/null; }
# Where the field stands is told after the window has its size: a touch beside it opens no keys, and is made again.
touch_field() {
  local at turn
  at=$(awk -F'\t' '$3 == "field" { print $1, $2; exit }' "$out/labels")
  # shellcheck disable=SC2086  # two numbers
  xdotool mousemove $at mousedown 1 mouseup 1
  for turn in $(seq 50); do
    on_screen "	key	" && return
    sleep 0.1
  done
  return 1
}

within "one display" 60 one_display
within "the passphrase is asked for" 60 on_screen "Lösenfras"
within "the tablet stands on all of its display" 60 shown_on "$(nth 1)"
tablet=$(nth 1)
within "the field is touched" 1 touch_field
types "ett" "•••"
plug
within "the room on the projector, the tablet where it was" 60 shown_on "$tablet" "$(nth 2)"
types "a" "••••"
unplug 2
within "the room has gone with its projector" 60 shown_on "$tablet"
types "b" "•••••"
plug
within "the room on the projector again" 60 shown_on "$tablet" "$(nth 2)"
types "c" "••••••"
# Last, since their keys are the seat's from then on, and xdotool's are not among them.
new_keyboard "d" "•••••••"
unplug 3
within "the room has gone again" 60 shown_on "$tablet"
new_keyboard "ef" "•••••••••"

gone() { ! kill -0 "$1" 2>/dev/null; }
another() { [ "$(cat "$out/pid")" != "$1" ]; }
crashing=$(cat "$out/pid")
kill -KILL "$crashing"
within "the kiosk has crashed" 60 gone "$crashing"
within "the kiosk comes back" 60 another "$crashing"
within "the kiosk comes back after a crash" 60 on_screen "Lösenfras"
within "on all of its display" 60 shown_on "$tablet"
kill -TERM "$(cat "$out/pid")"
ended() { ! kill -0 $session 2>/dev/null; }
within "the session ends with the kiosk" 60 ended
wait $session || fail "the session did not end in order"
session=
grep -q "measured" "$out/journal" || fail "the kiosk did not end in order"
echo "Handslag held its display while a projector and keyboards came and went, came back after a crash, and left in order."
