# SPDX-License-Identifier: Apache-2.0
# embed_migrations.awk FILE...: sql/migrations/NNNN_name.sql, in the order of their numbers, as a C table on standard output.
function quoted(line) {
  gsub(/\r$/, "", line)
  gsub(/\\/, "&&", line)
  gsub(/"/, "\\\"", line)
  gsub(/\?/, "\\?", line) # C17 still has trigraphs
  return "     \"" line "\\n\""
}
BEGIN {
  print "/* Made by cmd/dev/embed_migrations.awk from sql/migrations. */"
  print "#include \"pg/migrate.h\"\n\nconst struct pg_migration pg_migration_table[] = {"
  if (ARGC < 2) { exit } # no file at all: without this, awk reads standard input
}
FNR == 1 {
  if (count > 0) { print "    }," }
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sql$/, "", name)
  count++
  if (name !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/ || substr(name, 1, 4) + 0 <= number) {
    print "embed_migrations: " FILENAME ": expected a number above " number + 0 > "/dev/stderr"
    failed = 1
    exit 1
  }
  number = substr(name, 1, 4) + 0
  printf "    {%d, \"%s\",\n", number, name
}
{ print quoted($0) }
END {
  if (failed) { exit 1 }
  if (count != ARGC - 1) {
    print "embed_migrations: one of the files is empty" > "/dev/stderr"
    exit 1
  }
  if (count > 0) { print "    }," }
  print "    {0, 0, 0},\n};"
}
