#!/usr/bin/env bash
# contact_sheets.sh BIN OUT: every screen of the kiosk in every look and language, as sheets of labelled pictures to be looked at:
# OUT/LOOK-LANGUAGE-N.png, and OUT/index.html with all of them. Some 1,900 pictures, a few minutes.
#   BIN   where unit_kiosk is: build/dev/bin
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
bin=$(realpath "$1") out=$2
command -v montage >/dev/null || { echo "ImageMagick's montage is missing: apt install imagemagick" >&2; exit 2; }
pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT
mkdir -p "$out"
HANDSLAG_GALLERY=$pictures "$bin/unit_kiosk" -tc="every screen stands*" >/dev/null ||
  echo "a screen does not stand as it should: run unit_kiosk" >&2

# screen-look-language.png; a look may have a hyphen of its own.
kinds=$(find "$pictures" -name '*.png' -printf '%f\n' | sed 's/\.png$//; s/^[^-]*-//' | sort -u)
index="<!doctype html><meta charset=utf-8><title>Handslag: every screen</title><style>img{width:100%}</style>"
for kind in $kinds; do
  mapfile -t screens < <(find "$pictures" -name "[!-]*-$kind.png" -printf '%f\n' | grep -E "^[^-]+-$kind\.png$" | sort)
  sheet=0
  for ((at = 0; at < ${#screens[@]}; at += 24)); do
    sheet=$((sheet + 1))
    labelled=()
    for screen in "${screens[@]:at:24}"; do labelled+=(-label "${screen%%-*}" "$pictures/$screen"); done
    montage "${labelled[@]}" -tile 4x -geometry 420x+8+8 -background '#d8d4ca' -pointsize 18 "$out/$kind-$sheet.png"
    index+="<h2>$kind, $sheet</h2><img src=\"$kind-$sheet.png\" alt=\"$kind, sheet $sheet\">"
  done
done
echo "$index" > "$out/index.html"
echo "$out: $(find "$out" -name '*.png' | wc -l) sheets of $(find "$pictures" -name '*.png' | wc -l) pictures"
