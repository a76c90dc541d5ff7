#!/usr/bin/env bash
# A program that shows the kiosk in a real window under Xvfb and touches it itself, and what it leaves, verified:
#   real_window.sh KIOSK HANDSLAG PROGRAM OUT
# Skips in words (exit 77) where Xvfb is missing.
set -euo pipefail
kiosk=$1 handslag=$2 program=$3 out=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! command -v Xvfb >/dev/null; then
  echo "Skipped: Xvfb is not installed (package: xvfb)."
  exit 77
fi
rm -rf "$out"
mkdir -p "$out"
"$kiosk" --demo --headless --quiet --journey "$here/open.part" --output "$out"

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>"$out/display" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 600); do [ -s "$out/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$out/display")
export DISPLAY
SDL_VIDEODRIVER=x11 "$program" "$out"

certificate=$(ls "$out"/certificates/*.pdf)
"$handslag" verify "$certificate" --trust "$out/ca.pem" >"$out/verified" || { cat "$out/verified" >&2; exit 1; }
head -n 3 "$out/verified"
if command -v pdfsig >/dev/null; then
  pdfsig "$certificate" >"$out/pdfsig" 2>&1 || true  # its exit code says nothing
  grep -q "Signature is Valid" "$out/pdfsig" || { cat "$out/pdfsig" >&2; exit 1; }
  grep "Signature is Valid" "$out/pdfsig"
fi
