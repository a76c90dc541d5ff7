#!/usr/bin/env bash
# The dependency rule of ARCHITECTURE.md, read from the includes themselves. Prints each offence; exits 1 on any.
#
#   base <- model <- {evidence, certificate} <- signing <- {kiosk/effects, sync};  certificate <- longterm <- sync
#   kiosk/screens -> kiosk/{state, ui} -> {kiosk/look, model};  sync never sees kiosk
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
offences=0

offend() { printf '%s includes %s: %s\n' "$1" "$2" "$3"; offences=$((offences + 1)); }

# Each of these leaves its answer in REPLY: a subshell for every include would take ten seconds.
# layer FILE: the name of the layer that a file of ours belongs to
layer() {
  case "$1" in
    core/base/*) REPLY=base ;; core/model/*) REPLY=model ;; core/evidence/*) REPLY=evidence ;;
    core/certificate/*) REPLY=certificate ;; core/longterm/*) REPLY=longterm ;; core/*) REPLY=signing ;;
    kiosk/screens/*) REPLY=screens ;; kiosk/ui/*) REPLY=ui ;; kiosk/platform/*) REPLY=platform ;;
    kiosk/look.h) REPLY=look ;;
    kiosk/state*|kiosk/likeness*|kiosk/life.h|kiosk/action.h|kiosk/effect.h|kiosk/trouble.h|kiosk/visit*|kiosk/update*|kiosk/draft*|kiosk/words_for*) REPLY=state ;;
    kiosk/*) REPLY=effects ;; sync/client/*|sync/protocol/*) REPLY=tablet_sync ;; sync/*) REPLY=sync ;; *) REPLY=unknown ;;
  esac
}

# may_see LAYER: the layers that it may include
may_see() {
  case "$1" in
    base) REPLY="base" ;;
    model) REPLY="base model" ;;
    evidence) REPLY="base model evidence" ;;
    certificate) REPLY="base model certificate" ;;
    longterm) REPLY="base model certificate longterm" ;;
    signing) REPLY="base model evidence certificate signing" ;;
    look) REPLY="look" ;;
    ui) REPLY="base model look ui" ;;
    state) REPLY="base model look state" ;;
    screens) REPLY="base model look state ui screens" ;;
    platform) REPLY="base model look ui platform" ;;
    tablet_sync) REPLY="base model evidence certificate signing tablet_sync" ;;
    effects) REPLY="base model evidence certificate signing look state ui screens platform tablet_sync effects" ;;
    sync) REPLY="base model evidence certificate longterm signing tablet_sync sync" ;;
  esac
}

# at_home HEADER: the layers where that C or C++ library is at home; empty for the rest
at_home() {
  REPLY=
  case "$1" in
    sqlite3*) REPLY="evidence" ;;
    hpdf*|qpdf/*|cairo*|librsvg*|libp11.h) REPLY="certificate" ;;
    SDL*|X11/*) REPLY="platform" ;;
    curl/*) REPLY="tablet_sync sync" ;;
    pqxx/*) REPLY="sync" ;;
    imgui*) REPLY="ui platform" ;;
    openssl/*) REPLY="base certificate longterm tablet_sync sync" ;;
    core/base/openssl.h) REPLY="base certificate longterm tablet_sync sync" ;;
  esac
}

while IFS=: read -r file included; do
  layer "$file"; from=$REPLY
  at_home "$included"; home=$REPLY
  if [ -n "$home" ]; then
    case " $home " in *" $from "*) ;; *) offend "$file" "$included" "that library belongs to $home" ;; esac
  fi
  case "$included" in
    core/*|kiosk/*|sync/*|tests/*)
      layer "$included"; to=$REPLY
      [ -f "$included" ] || offend "$file" "$included" "no such file"
      may_see "$from"
      case " $REPLY " in *" $to "*) ;; *) offend "$file" "$included" "$from may not see $to" ;; esac ;;
  esac
done < <(find core kiosk sync -name '*.cpp' -o -name '*.h' | sort | xargs grep -HoE '^ *# *include *[<"][^>"]+' |
         sed -E 's/: *# *include *[<"]/:/')

if [ "$offences" -gt 0 ]; then
  printf '%s offences against the dependency rule\n' "$offences"
  exit 1
fi
echo "the dependency rule holds"
