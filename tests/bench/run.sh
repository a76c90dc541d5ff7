#!/usr/bin/env bash
# Builds the benchmarks and runs them all, or those whose name contains WORD: bash tests/bench/run.sh [WORD]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. installer/packages.sh
# shellcheck disable=SC2046  # lists of package names
install_packages $(packages_for build) $(packages_for tests)
cmake --preset dev >/dev/null
cmake --build --preset dev --target benches words >/dev/null
for program in build/dev/bin/*_bench; do
  case "$program" in *"${1:-}"*) ;; *) continue ;; esac
  say "$(basename "$program")"
  "$program" --benchmark_min_warmup_time=0.1
done
case certificate_peer in *"${1:-}"*)
  say "Certificates, beside another maker"
  bash tests/bench/certificate_peer.sh build/dev/bin/certificate_peer ;;
esac
case sync_peer in *"${1:-}"*)
  say "Sync, beside PouchDB"
  bash tests/bench/sync_peer.sh build/dev/bin ;;
esac
case ledger_scale in *"${1:-}"*)
  say "The server's ledger with a million entries, SQLite and PostgreSQL"
  place=$(mktemp -d "$PWD/build/ledger-scale.XXXXXX")
  build/dev/bin/ledger_scale "$place"
  install_packages gnuplot-nox
  gnuplot -e "csv='$place/growth.csv'; svg='build/growth.svg'" tests/bench/growth.gnuplot
  echo "As it grew: build/growth.svg"
  rm -r "$place" ;;
esac
