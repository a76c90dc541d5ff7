#!/usr/bin/env bash
# Plays one journey in a fresh folder: play.sh KIOSK JOURNEY OUT [LANGUAGE [KIOSK'S ARGUMENTS...]]
# LANGUAGE: a ceremony that is held in that language, for visitor and host alike; default: Swedish.
set -euo pipefail
kiosk=$1 journey=$2 out=$3 language=${4:-sv}
shift $(($# < 4 ? $# : 4))
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=$(basename "$journey" .journey)
rm -rf "$out"
mkdir -p "$out"
arguments=("$@" --language "$language")
case $name:$language in
  closing:* | ninety-seconds:* | *:en | *:fi)
    # The demonstration's ceremony, held in another way.
    cp -rL "$here/../../assets/demo" "$out/ceremony"
    cp -rL "$here/../../assets/agreements" "$out/agreements"  # which the demonstration refers to
    arguments+=(--ceremony "$out/ceremony")
    ;;
esac
case $name in
  closing)  # the municipality signs once
    sed -i 's/^countersigning = .*/countersigning = "closing"/' "$out/ceremony/ceremony.toml" ;;
  ninety-seconds)  # three criteria
    sed -i '/^\[\[criteria\]\]/{N;/verksam/{N;d}}' "$out/ceremony/agreement/agreement.toml"
    sed -i '/^- verksam:/d' "$out"/agreements/model/*.md ;;
esac
[ "$language" = sv ] || sed -i "s/^languages = .*/languages = [\"$language\", \"sv\"]/" "$out/ceremony/ceremony.toml"
# What is spoiled on purpose is not checked afterwards.
case $name in spoiled-*) arguments+=(--no-check) ;; esac
exec "$kiosk" --demo --headless --quiet --journey "$journey" --output "$out" "${arguments[@]}"
