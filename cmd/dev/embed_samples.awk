# SPDX-License-Identifier: Apache-2.0
# embed_samples.awk FILE...: sql/samples/NAME.sql and NAME_places.csv, whose first line names the crisis ("# crisis: ner-2023"), as a C table on
# standard output.
function quoted(line) {
  gsub(/\\/, "\\\\", line)
  gsub(/"/, "\\\"", line)
  return "        \"" line "\\n\""
}
function close_row() {
  if (open == "sql") { print "    , 0, 0}," }
  if (open == "csv") { print "    , \"" crisis "\"}," }
}
BEGIN {
  print "/* Made by cmd/dev/embed_samples.awk from sql/samples. */"
  print "#include \"pg/sample.h\"\n\nconst struct pg_sample pg_sample_table[] = {"
}
FNR == 1 && FILENAME ~ /\.csv$/ {
  crisis = $3
  print "    ,"
  open = "csv"
}
FNR == 1 && FILENAME ~ /\.sql$/ {
  close_row()
  name = FILENAME
  sub(/.*\//, "", name)
  sub(/\.sql$/, "", name)
  gsub(/_/, "-", name)
  printf "    {\"%s\",\n", name
  open = "sql"
}
{ print quoted($0) }
END {
  close_row()
  print "    {0, 0, 0, 0},\n};"
}
