#!/usr/bin/env bash
# After the demonstration ceremony: the tablet's store goes to a server on this computer, which shows the public list.
#
#   bash installer/demonstrate_sync.sh BIN_DIR OUT_DIR PASSPHRASE_FILE
#
# OUT_DIR/store is the tablet's. Leaves OUT_DIR/server (keys and ledger), OUT_DIR/stick (a bundle and its receipts),
# server.log, receipt.txt, register.html and verification.html.
set -euo pipefail
bin=$1 out=$2 passphrase=$3
server_dir=$out/server

"$bin/handslag-server" --dir "$server_dir" --listen 127.0.0.1 --port 0 --host 127.0.0.1 2>"$out/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 150); do
  grep -q 'serving port=' "$out/server.log" && break
  kill -0 "$server" 2>/dev/null || { cat "$out/server.log" >&2; exit 1; }
  sleep 0.1
done

tablet=(--store "$out/store" --passphrase-file "$passphrase")
staff=("$bin/handslag-server" --dir "$server_dir" --host 127.0.0.1)
invitation=$("${staff[@]}" device invite --name 'surfplatta A')
"$bin/handslag" enrol "${tablet[@]}" "$invitation" >/dev/null
"$bin/handslag" sync "${tablet[@]}"
rm -rf "$out/stick" && mkdir "$out/stick"  # the same again by USB stick changes nothing, and gives the same receipts
"$bin/handslag" bundle write "${tablet[@]}" --all "$out/stick"
"${staff[@]}" ingest "$out/stick"
"$bin/handslag" bundle receipt "${tablet[@]}" "$out"/stick/handslag-*.receipts
"${staff[@]}" page / >"$out/register.html"
number=$(grep -o '/v/[A-Z0-9-]*' "$out/register.html" | head -n1)
"${staff[@]}" page "$number" >"$out/verification.html"
"$bin/handslag" receipt "${tablet[@]}" 1 | tee "$out/receipt.txt"
printf '  %s\n' "$out/register.html" "$out/verification.html"
