#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh: files within 600 lines, functions within 70, each C file opened by its licence and purpose, formatted, nothing left open.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

file_max=600 function_max=70 status=0
complain() {
  printf 'lint: %s\n' "$*" >&2
  status=1
}

mapfile -t c_files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.cc')
mapfile -t all_files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.cc' '*.py' '*.sh' '*.sql' '*.js' '*.css' \
  '*.awk' Makefile)
present() { for file in "$@"; do [ ! -f "$file" ] || printf '%s\0' "$file"; done; } # listed but deleted: not ours to judge

while read -r lines file; do
  [ "$lines" -le $file_max ] || complain "$file: $lines lines, more than $file_max: split it by job"
done < <(present "${all_files[@]}" | xargs -0 -r wc -l | grep -v ' total$')

# With our format a function's body opens with "{" alone at the margin and closes with "}" at the margin.
functions=$(present "${c_files[@]}" | xargs -0 -r awk -v max=$function_max '
  FNR == 1 { open = 0; name = "" }
  !open && /^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
  /^\{$/ { open = FNR }
  /^\}$/ && open {
    if (FNR - open + 1 > max) printf "%s:%d: %s is %d lines, more than %d\n", FILENAME, open, name, FNR - open + 1, max
    open = 0
  }')
[ -z "$functions" ] || complain "long functions:"$'\n'"$functions"

# A shell file has its interpreter above; generated tables and data have none of this.
while IFS= read -r -d '' file; do
  head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || complain "$file: no SPDX line at the top"
done < <(present "${all_files[@]}" | grep -zvE '\.sql$|/assets/')

open=$(present "${all_files[@]}" | xargs -0 -r grep -nIE '\b(TO''DO|FIX''ME|XX''X)\b' || test $? -le 123)
[ -z "$open" ] || complain "left open:"$'\n'"$open"

# What a translator's tools will say; they miss headers of translators' names, which we do not keep.
if command -v msgfmt >/dev/null; then
  for po in lib/page/texts/*.po; do
    said=$(msgfmt --check -o /dev/null "$po" 2>&1) || complain "$said"
  done
else
  complain "msgfmt is not installed; run cmd/dev/packages.sh test"
fi

if command -v clang-format >/dev/null; then
  present "${c_files[@]}" | xargs -0 -r clang-format --dry-run -Werror || complain "format: run make fmt"
else
  complain "clang-format is not installed; run cmd/dev/packages.sh test"
fi
exit $status
