#!/usr/bin/env bash
# Every journey on another tablet, or in another language: everywhere.sh KIOSK OUT SIZE PX_PER_MM LANGUAGE
# A journey is written in Swedish; in another language the player says its words as the .po files do. Not here: journeys
# that choose a language or a voice of their own, outside Swedish, and those that end before anybody sees a screen.
set -euo pipefail
kiosk=$1 out=$2 size=$3 px_per_mm=$4 language=$5
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export kiosk out size px_per_mm language here
journeys=("$here"/*.journey)
[ -z "${HANDSLAG_FULL:-}" ] || [ "$language" != sv ] || journeys+=("$here"/../../assets/journeys/demonstration.journey)

play() {
  local name
  name=$(basename "$1" .journey)
  bash "$here/play.sh" "$kiosk" "$1" "$out/$name" "$language" --size "$size" --px-per-mm "$px_per_mm" \
    >"$out/$name.log" 2>&1 || { echo "FAILED: $name"; cat "$out/$name.log"; return 1; }
}
export -f play

rm -rf "$out"
mkdir -p "$out"
for journey in "${journeys[@]}"; do
  case $(basename "$journey" .journey) in
    voice* | switch-voice* | spoiled-*) ;;
    happy-easy | happy-en | happy-fi) [ "$language" != sv ] || echo "$journey" ;;
    *) echo "$journey" ;;
  esac
done | xargs -d '\n' -n 1 -P "$(nproc)" bash -c 'play "$0"'
echo "$(find "$out" -name '*.png' | wc -l) pictures of screens at $size, $px_per_mm px/mm, in $language."
