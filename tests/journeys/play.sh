#!/usr/bin/env bash
# Plays one journey in a fresh folder: play.sh KIOSK JOURNEY OUT
set -euo pipefail
kiosk=$1 journey=$2 out=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$out"
mkdir -p "$out"
arguments=()
if [ "$(basename "$journey")" = closing.journey ]; then
  # The same ceremony, but the municipality signs once, at closing.
  cp -rL "$here/../../assets/demo" "$out/ceremony"
  cp -rL "$here/../../assets/agreements" "$out/agreements"  # which the demonstration refers to
  sed -i 's/^countersigning = .*/countersigning = "closing"/' "$out/ceremony/ceremony.toml"
  arguments+=(--ceremony "$out/ceremony")
fi
# What is spoiled on purpose is not checked afterwards.
case $(basename "$journey") in spoiled-*) arguments+=(--no-check) ;; esac
exec "$kiosk" --demo --headless --quiet --journey "$journey" --output "$out" "${arguments[@]}"
