#!/usr/bin/env bash
# The dependency rule of ARCHITECTURE.md, read from the includes themselves. Prints each offence; exits 1 on any.
#
#   base <- model <- {evidence, certificate} <- signing <- {kiosk/effects, sync};  certificate <- longterm <- sync
#   kiosk/screens -> kiosk/{state, ui} -> {kiosk/look, model};  sync never sees kiosk
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
offences=0

offend() { printf '%s includes %s: %s\n' "$1" "$2" "$3"; offences=$((offences + 1)); }

# layer FILE -> the name of the layer that a file of ours belongs to
layer() {
  case "$1" in
    core/base/*) echo base ;; core/model/*) echo model ;; core/evidence/*) echo evidence ;;
    core/certificate/*) echo certificate ;; core/longterm/*) echo longterm ;; core/*) echo signing ;;
    kiosk/screens/*) echo screens ;; kiosk/ui/*) echo ui ;; kiosk/platform/*) echo platform ;;
    kiosk/look.h) echo look ;;
    kiosk/state*|kiosk/likeness*|kiosk/life.h|kiosk/action.h|kiosk/effect.h|kiosk/trouble.h|kiosk/visit*|kiosk/update*|kiosk/draft*|kiosk/words_for*) echo state ;;
    kiosk/*) echo effects ;; sync/client/*|sync/protocol/*) echo tablet_sync ;; sync/*) echo sync ;; *) echo unknown ;;
  esac
}

# may_see LAYER -> the layers that it may include
may_see() {
  case "$1" in
    base) echo "base" ;;
    model) echo "base model" ;;
    evidence) echo "base model evidence" ;;
    certificate) echo "base model certificate" ;;
    longterm) echo "base model certificate longterm" ;;
    signing) echo "base model evidence certificate signing" ;;
    look) echo "look" ;;
    ui) echo "base model look ui" ;;
    state) echo "base model look state" ;;
    screens) echo "base model look state ui screens" ;;
    platform) echo "base model look ui platform" ;;
    tablet_sync) echo "base model evidence certificate signing tablet_sync" ;;
    effects) echo "base model evidence certificate signing look state ui screens platform tablet_sync effects" ;;
    sync) echo "base model evidence certificate longterm signing tablet_sync sync" ;;
  esac
}

# library HEADER -> the layers where that C or C++ library is at home; empty for the rest
at_home() {
  case "$1" in
    sqlite3*) echo "evidence" ;;
    hpdf*|qpdf/*|cairo*|librsvg*|libp11.h) echo "certificate" ;;
    SDL*|X11/*) echo "platform" ;;
    curl/*) echo "tablet_sync sync" ;;
    pqxx/*) echo "sync" ;;
    imgui*) echo "ui platform" ;;
    openssl/*) echo "base certificate longterm tablet_sync sync" ;;
    core/base/openssl.h) echo "base certificate longterm tablet_sync sync" ;;
  esac
}

while IFS=: read -r file included; do
  from=$(layer "$file")
  home=$(at_home "$included")
  if [ -n "$home" ]; then
    case " $home " in *" $from "*) ;; *) offend "$file" "$included" "that library belongs to $home" ;; esac
  fi
  case "$included" in
    core/*|kiosk/*|sync/*|tests/*)
      to=$(layer "$included")
      [ -f "$included" ] || offend "$file" "$included" "no such file"
      case " $(may_see "$from") " in *" $to "*) ;; *) offend "$file" "$included" "$from may not see $to" ;; esac ;;
  esac
done < <(find core kiosk sync -name '*.cpp' -o -name '*.h' | sort | xargs grep -HoE '^ *# *include *[<"][^>"]+' |
         sed -E 's/: *# *include *[<"]/:/')

if [ "$offences" -gt 0 ]; then
  printf '%s offences against the dependency rule\n' "$offences"
  exit 1
fi
echo "the dependency rule holds"
