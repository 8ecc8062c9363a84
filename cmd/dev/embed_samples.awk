# SPDX-License-Identifier: Apache-2.0
# embed_samples.awk FILE...: sql/samples/*.sql as a C table on standard output.
function quoted(line) {
  gsub(/\\/, "\\\\", line)
  gsub(/"/, "\\\"", line)
  return "        \"" line "\\n\""
}
BEGIN {
  print "/* Made by cmd/dev/embed_samples.awk from sql/samples. */"
  print "#include \"pg/sample.h\"\n\nconst struct pg_sample pg_sample_table[] = {"
}
FNR == 1 {
  if (open) { print "    }," }
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sql$/, "", name)
  gsub(/_/, "-", name)
  printf "    {\"%s\",\n", name
  open = 1
}
{ print quoted($0) }
END {
  if (open) { print "    }," }
  print "    {0, 0},\n};"
}
