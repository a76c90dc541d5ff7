# shellcheck shell=bash
# The npm packages that the tests compare with, pinned in package-lock.json; sourced by the tests that use them.
#
# npm_missing      says in words what is missing, or nothing; fetches them the first time, into build/peers
# npm_run SCRIPT…  runs a script of tests/peers with them

npm_folder=$(dirname "${BASH_SOURCE[0]}")
npm_build=$npm_folder/../../build/peers

npm_missing() {
  command -v node >/dev/null && command -v npm >/dev/null || { echo "no npm (Debian packages nodejs and npm)"; return; }
  mkdir -p "$npm_build"
  cmp -s "$npm_folder/package-lock.json" "$npm_build/fetched" && return
  (
    flock 9
    cp "$npm_folder/package.json" "$npm_folder/package-lock.json" "$npm_build/"
    npm ci --prefix "$npm_build" --ignore-scripts --no-audit --no-fund >"$npm_build/npm.log" 2>&1 &&
      cp "$npm_folder/package-lock.json" "$npm_build/fetched"
  ) 9>"$npm_build/lock" || echo "npm could not fetch the packages of tests/peers (build/peers/npm.log)"
}

npm_run() { NODE_PATH=$npm_build/node_modules node "$npm_folder/$1" "${@:2}"; }
