#!/usr/bin/env bash
# All tests, from a fresh Debian 12 or 13: installs what is missing, builds, runs.
#
#   bash tests/run.sh          what every change must pass (also in CI)
#   bash tests/run.sh --full   besides: sanitizers, the second compiler, clang-tidy, fuzzing, every kill point
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installer/packages.sh

full=no
case "${1:-}" in
  --full) full=yes ;;
  "") ;;
  *) echo "usage: bash tests/run.sh [--full]" >&2; exit 2 ;;
esac

# shellcheck disable=SC2046  # lists of package names
install_packages $(packages_for build) $(packages_for tests) $([ $full = no ] || packages_for full)

export CTEST_PARALLEL_LEVEL="${CTEST_PARALLEL_LEVEL:-$(nproc)}"
run_preset() {
  say "Build and test: $1"
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1"
  ctest --preset "$1" "${@:2}"
}

run_preset dev

if [ "$full" = yes ]; then
  llvm=$(packages_for full | grep -o 'clang-[0-9]*' | head -n1 | cut -d- -f2)
  clang="-DCMAKE_C_COMPILER=clang-$llvm -DCMAKE_CXX_COMPILER=clang++-$llvm"
  say "Every kill point, every cut, every bit"
  HANDSLAG_FULL=1 ctest --preset dev
  run_preset asan
  say "The second compiler"
  # shellcheck disable=SC2086
  cmake --preset clang $clang >/dev/null && cmake --build --preset clang && ctest --preset clang
  say "clang-tidy"
  # shellcheck disable=SC2086
  cmake --preset tidy $clang -DCMAKE_CXX_CLANG_TIDY="clang-tidy-$llvm" >/dev/null && cmake --build --preset tidy
  say "Fuzz targets, five minutes each"
  # shellcheck disable=SC2086
  cmake --preset fuzz $clang >/dev/null && cmake --build --preset fuzz
  for target in build/fuzz/bin/fuzz_*; do
    seeds=tests/fuzz/seeds/$(basename "$target" | sed 's/^fuzz_//')
    mkdir -p "build/fuzz/corpus/$(basename "$target")"
    "$target" -max_total_time="${HANDSLAG_FUZZ_SECONDS:-300}" -rss_limit_mb=1024 "build/fuzz/corpus/$(basename "$target")" "$seeds"
  done
fi
say "All tests passed"
