#!/usr/bin/env bash
# What the common validators say of the same attacks: bash tests/attacks/peers.sh [ATTACKS-PROGRAM [DIR]]
#
# One file of each kind is left in DIR (a temporary folder without it) and given to tests/certificates.sh. "ok" in the table
# means that the validator lets the attack pass; ours refuses every one. For information: it always ends with 0 when the
# validators could be asked, since what others let pass is theirs to decide. Much of what they pass was sealed with a true key:
# to them a seal says who sealed, and not whether the page shows what the record says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${1:-$here/../../build/dev/bin/attacks} folder=${2:-}
[ -x "$program" ] || { echo "peers.sh: build the target 'attacks' first" >&2; exit 2; }
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
"$program" --write "$folder" >"$folder/ours.txt" || { tail -n 3 "$folder/ours.txt" >&2; exit 1; }
bash "$here/../certificates.sh" "$folder" "$folder/root.pem" >"$folder/table.txt" 2>/dev/null || [ $? = 1 ]
awk '
  /^$/ { exit }
  NR == 1 { for (i = 3; i <= NF; ++i) name[i] = $i; columns = NF; print; next }
  { print; if ($1 ~ /^00-/) next; ++files; for (i = 3; i <= columns; ++i) passed[i] += ($i == "ok") }
  END {
    printf "\n%d attacks. Let pass by:", files
    for (i = 3; i <= columns; ++i) printf " %s %d", name[i], passed[i]
    print ", handslag verify 0"
  }' "$folder/table.txt"
