#!/usr/bin/env bash
# What the common validators say of the same attacks: bash tests/attacks/peers.sh [ATTACKS-PROGRAM [DIR]]
#
# One file of each kind (of "every single bit", one bit) is given to tests/certificates.sh, and counted in a table: how many the
# validator lets pass. Ours refuses every one. It ends with 0 when the validators could be asked, since what others let pass is
# theirs to decide. Much of what they pass was sealed with a true key: to them a seal says who sealed, and not whether the page
# shows what the record says. Nor does a timestamp in another spelling say anything untrue.
#
# With DIR the files stay there, with ours.txt (what handslag verify says of each) and table.txt (what the others say). It takes
# some minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${1:-$here/../../build/dev/bin/attacks} folder=${2:-}
[ -x "$program" ] || { echo "peers.sh: build the target 'attacks' first" >&2; exit 2; }
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
"$program" --write "$folder" >"$folder/ours.txt" || { tail -n 3 "$folder/ours.txt" >&2; exit 1; }
bash "$here/../certificates.sh" "$folder" "$folder/root.pem" >"$folder/table.txt" 2>/dev/null || [ $? = 1 ]
[ -s "$folder/table.txt" ] || { echo "peers.sh: the validators could not be asked" >&2; exit 2; }
awk -F '\t' '
  FNR == NR { where[$1] = $2; if (!($2 in files)) { order[++groups] = $2; files[$2] = 0 } next }
  done || /^$/ { done = 1; next }
  { split($0, cell, " +") }
  FNR == 1 { for (i = 3; i in cell && cell[i] != ""; ++i) { name[i] = cell[i]; last = i } next }
  !(cell[1] in where) { next }  # the honest ones
  { group = where[cell[1]]; ++files[group]; for (i = 3; i <= last; ++i) { passed[group, i] += cell[i] == "ok"; asked[group, i] += cell[i] != "-" && cell[i] != "absent" } }
  function row(title, count) { printf "%-40s %6s", title, count }
  END {
    row("let pass, of those asked about", "files")
    for (i = 3; i <= last; ++i) printf " %8s", name[i]
    print ""
    for (g = 1; g <= groups; ++g) {
      group = order[g]
      row(group, files[group]); all += files[group]
      for (i = 3; i <= last; ++i) {
        total[i] += passed[group, i]; total_asked[i] += asked[group, i]
        printf " %8s", asked[group, i] == 0 ? "-" : asked[group, i] == files[group] ? passed[group, i] : passed[group, i] "/" asked[group, i]
      }
      print ""
    }
    row("all", all)
    for (i = 3; i <= last; ++i) printf " %8s", total[i] "/" total_asked[i]
    print ""
  }' "$folder/kinds.tsv" "$folder/table.txt"
printf '\nhandslag verify: %s\n' "$(tail -n 1 "$folder/ours.txt")"
