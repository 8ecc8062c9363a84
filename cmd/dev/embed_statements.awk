# SPDX-License-Identifier: Apache-2.0
# awk -v list=HEADER -v table=SOURCE -f embed_statements.awk FILE...: sql/queries/*.sql as an enum and a C table. Each file begins with
# comment lines, one of them "-- role: NAME ..." with the PostgreSQL roles that may run it.
function quoted(line) {
  gsub(/\r$/, "", line)
  gsub(/\\/, "&&", line)
  gsub(/"/, "\\\"", line)
  gsub(/\?/, "\\?", line) # C17 still has trigraphs
  return "     \"" line "\\n\""
}
function fail(message) {
  print "embed_statements: " message > "/dev/stderr"
  failed = 1
  exit 1
}
function finish() {
  if (name == "") { return }
  if (roles == "") { fail(path ": no \"-- role:\" line") }
  if (text == "") { fail(path ": no statement") }
  enum = "PG_" toupper(name)
  enums = enums "    " enum ",\n"
  rows = rows "    [" enum "] = {\"" name "\", \"" roles "\",\n" text "    },\n"
}
BEGIN {
  if (ARGC < 2) { exit } # no file at all: without this, awk reads standard input
}
FNR == 1 {
  finish()
  files++
  path = FILENAME
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sql$/, "", name)
  if (name !~ /^[a-z][a-z0-9_]*$/) { fail(path ": a name is lower case letters, digits and _") }
  if (name in seen) { fail(path ": another file makes the same name") }
  seen[name] = 1
  roles = ""
  text = ""
}
/^-- role: / {
  if (roles != "") { fail(path ": a second \"-- role:\" line") }
  roles = $0
  sub(/^-- role: */, "", roles)
  sub(/[ \r]*$/, "", roles)
  if (roles !~ /^[a-z0-9_ ]*$/) { fail(path ": a role is lower case letters, digits and _") }
  next
}
/^--/ { next }
{ text = text quoted($0) "\n" }
END {
  if (failed) { exit 1 }
  finish()
  if (files != ARGC - 1) { fail("one of the files is empty") }
  print "/* Made by cmd/dev/embed_statements.awk from sql/queries. */\n#ifndef PG_STATEMENT_LIST_H\n#define PG_STATEMENT_LIST_H\n" > list
  print "enum pg_statement {\n" enums "    PG_STATEMENT_COUNT\n};\n\n#endif" > list
  print "/* Made by cmd/dev/embed_statements.awk from sql/queries. */\n#include \"pg/statement.h\"\n" > table
  print "const struct pg_statement_info pg_statement_table[PG_STATEMENT_COUNT] = {\n" rows "};" > table
}
