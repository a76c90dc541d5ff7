#!/usr/bin/env bash
# From a fresh Debian 12 or 13 to a signed certificate: installs what is missing, builds, and runs the main job.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installer/packages.sh

usage() {
  cat <<'USAGE'
usage: bash installer/quickstart.sh [--headless] [--output DIR] [--help]

Installs the Debian packages that are missing, builds Handslag, and runs the demonstration ceremony.

  --headless     no window: plays the whole ceremony by itself and leaves certificates, protocol,
                 store and a picture of every screen in DIR. This is also what happens without a screen.
  --output DIR   where the ceremony's results go (default: out/demonstration)
USAGE
}

headless=no output=out/demonstration
while [ $# -gt 0 ]; do
  case "$1" in
    --headless) headless=yes ;;
    --output) [ $# -ge 2 ] || { usage >&2; exit 2; }; output=$2; shift ;;
    --output=*) output=${1#--output=} ;;
    --help|-h) usage; exit 0 ;;
    *) printf 'quickstart.sh: unknown option: %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || headless=yes

# shellcheck disable=SC2046  # a list of package names
install_packages $(packages_for build)

say "Building"
cmake --preset release >/dev/null
cmake --build --preset release
bin=build/release/bin

mkdir -p "$output"
if [ "$headless" = yes ]; then
  say "The demonstration ceremony"
  "$bin/handslag-kiosk" --demo --headless --quiet --output "$output"
  passphrase=$output/passphrase.txt
else
  say "The kiosk opens in a window. Everything it seals says DEMONSTRATION."
  "$bin/handslag-kiosk" --demo --windowed --store "$output/store"
  passphrase=$output/store/demo-ca/passphrase.txt
fi
[ -s "$passphrase" ] || exit 0  # closed before the tablet had its keys
say "From the tablet to the municipality's server, and the public list"
bash installer/demonstrate_sync.sh "$bin" "$output" "$passphrase"
