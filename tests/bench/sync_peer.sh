#!/usr/bin/env bash
# What a sync costs, beside PouchDB -> express-pouchdb, in one run and in turns:
# bash tests/bench/sync_peer.sh BIN_DIR [RECORDS [TURNS]]      BIN_DIR: build/dev/bin
#
# Records of 60 KB with about as much beside (theirs 1.7 KB, ours a signing and its entry in the log), first to last, on this
# machine's disk. Ours speaks TLS 1.3 with certificates both ways, is durable at both ends and brings receipts back; the other
# speaks plain HTTP. Wire: all bytes on a loopback of our own, TCP's headers, acknowledgements and repetitions too; the
# payload is each one's own: the documents as they were made, and of ours what the signings hold and their entries. A busy
# machine makes TCP send segments of 64 KB again that had arrived: how many is told.
set -euo pipefail
bin=$(realpath "${1:?usage: sync_peer.sh BIN_DIR [RECORDS [TURNS]]}") records=${2:-2000} turns=${3:-3} size=60000
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
modules=${HANDSLAG_PEER:-}
if [ -z "$modules" ]; then
  export HANDSLAG_PEER=$(mktemp -d)
  trap 'rm -rf "$HANDSLAG_PEER"' EXIT
  cp "$here"/package.json "$here"/package-lock.json "$HANDSLAG_PEER/"
  npm ci --prefix "$HANDSLAG_PEER" --no-audit --no-fund >"$HANDSLAG_PEER/npm.log" 2>&1 ||
    { echo "sync_peer.sh: npm could not fetch the other: nothing to compare with" >&2; exit 1; }
  own=--net
  [ "$(id -u)" = 0 ] || own="--net --map-root-user"
  # shellcheck disable=SC2086  # one word or two
  unshare $own bash "$0" "$@"
  exit
fi
ip link set lo up
work=$(mktemp -d)
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; server=; } || true; }
trap 'stop; rm -rf "$work"' EXIT
wire() { awk '/lo:/{print $2}' /proc/net/dev; }
sent_again() { awk '/^Tcp: [0-9]/{print $13}' /proc/net/snmp; }
peak_kb() { awk '/VmHWM/{print $2}' "/proc/$1/status"; }
node_peer() { NODE_PATH=$modules/node_modules node "$here/sync_peer.cjs" "$@"; }

# serve DIR: our server, for new tablets; its port in $port
serve() {
  rm -f "$1.log"
  "$bin/handslag-server" --dir "$1" --listen 127.0.0.1 --port 0 --host 127.0.0.1 2>"$1.log" &
  server=$!
  until grep -qs 'serving port=' "$1.log"; do kill -0 $server; sleep 0.05; done
}
enrol() {
  "$bin/handslag" enrol --store "$2/store" --passphrase-file "$2/passphrase" \
    "$("$bin/handslag-server" --dir "$1" --host 127.0.0.1 device invite --name 'surfplatta A')" >/dev/null
}
sync_tablet() { "$bin/handslag" sync --store "$1/store" --passphrase-file "$1/passphrase" --json; }
# run COMMAND...: what it prints in $said, and its peak memory in $kb
run() {
  said=$(/usr/bin/time -f %M -o "$work/kb" "$@")
  kb=$(cat "$work/kb")
}

payload=$("$bin/sync_store" "$work/prepared" "$records" "$size")
node_peer prepare "$work/peer" "$records" "$size"
their_payload=$((records * (size + 1700)))
row() { printf '%-12s %8s %10s %12s %10s %14s %14s\n' "$@"; }
row '' ms records/s wire/payload 'sent again' 'client, MB' 'server, MB'
ours_all=() peer_all=()
for turn in $(seq "$turns"); do
  rm -rf "$work/ours" "$work/server" && cp -r "$work/prepared" "$work/ours"
  serve "$work/server"
  enrol "$work/server" "$work/ours"
  before=$(wire) again_before=$(sent_again)
  run "$bin/handslag" sync --store "$work/ours/store" --passphrase-file "$work/ours/passphrase" --json
  after=$(wire)
  ms=$(awk -F'[:,]' '/took_ms/{print $2+0}' <<<"$said")
  grep -q '"outcome": "done"' <<<"$said"
  row "ours $turn" "$ms" $((records * 1000 / ms)) "$(awk "BEGIN{printf \"%.4f\", ($after-$before)/$payload}")" \
    $(($(sent_again) - again_before)) $((kb / 1000)) $(($(peak_kb $server) / 1000))
  ours_all+=("$ms")
  before=$(wire)
  sync_tablet "$work/ours" >/dev/null
  again=$(($(wire) - before))
  stop

  rm -rf "$work/theirs" "$work/their-server" && cp -r "$work/peer" "$work/theirs"
  rm -f "$work/port"
  # Not in a shell of its own, which would end and leave it running.
  NODE_PATH=$modules/node_modules node "$here/sync_peer.cjs" serve "$work/their-server" >"$work/port" 2>/dev/null &
  server=$!
  until [ -s "$work/port" ]; do kill -0 $server; sleep 0.05; done
  before=$(wire) again_before=$(sent_again)
  run env NODE_PATH="$modules/node_modules" node "$here/sync_peer.cjs" send "$work/theirs" "http://127.0.0.1:$(cat "$work/port")/town"
  after=$(wire)
  read -r ms written <<<"$said"
  [ "$written" = "$records" ]
  server_kb=$(peak_kb $server)
  row "pouchdb $turn" "$ms" $((records * 1000 / ms)) "$(awk "BEGIN{printf \"%.4f\", ($after-$before)/$their_payload}")" \
    $(($(sent_again) - again_before)) $((kb / 1000)) $((server_kb / 1000))
  peer_all+=("$ms")
  stop
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
awk "BEGIN{printf \"\\nOurs is %.1f times as fast (medians).\", $(median "${peer_all[@]}")/$(median "${ours_all[@]}")}"
printf ' With nothing new, a sync is %s bytes on the wire.\n' "$again"

serve "$work/many"
for tablet in $(seq 50); do
  "$bin/sync_store" "$work/t$tablet" 40 "$size" >"$work/t$tablet.size"
  enrol "$work/many" "$work/t$tablet"
done
began=$(date +%s%N)
syncing=()
for tablet in $(seq 50); do sync_tablet "$work/t$tablet" >"$work/t$tablet.json" & syncing+=($!); done
wait "${syncing[@]}"
ended=$(date +%s%N)
done_count=$(grep -l '"outcome": "done"' "$work"/t*.json | wc -l)
printf '%s of 50 tablets at once, 40 records each: %s ms; the server has had %s MB\n' "$done_count" \
  $(((ended - began) / 1000000)) $(($(peak_kb $server) / 1000))
stop
