/* SPDX-License-Identifier: Apache-2.0
 * What the awk programs of cmd/dev make of SQL files; run from the top of the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/muster-embed.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
    char command[64];
    (void)state;
    (void)snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_file(const char *name, char *text, size_t size)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

/* Runs `awk` over files of the folder; what it said is in "said". */
static bool run(const char *program, const char *files)
{
    char command[1024];
    (void)snprintf(
        command, sizeof(command),
        "top=$PWD; cd %s && awk -v list=list.h -v table=table.c -f \"$top/cmd/dev/%s\" %s >said 2>&1 </dev/null",
        folder, program, files);
    return system(command) == 0;
}

static const char odd_sql[] = "-- Odd \"things\".\n"
                              "-- role: muster_edge  muster_desk \n"
                              "SELECT 'a\\b\"c?"
                              "?/d%s\\n',\r\n"
                              "\n"
                              "  $1::text -- the end?";
static const char odd_lines[] = "     \"SELECT 'a\\\\b\\\"c\\?\\?/d%s\\\\n',\\n\"\n"
                                "     \"\\n\"\n"
                                "     \"  $1::text -- the end\\?\\n\"\n";

static void statements_are_c_literals(void **state)
{
    char expected[1024];
    char text[1024];
    (void)state;
    write_file("odd.sql", odd_sql);
    write_file("one.sql", "-- role: muster_courier\nSELECT 1\n");
    assert_true(run("embed_statements.awk", "odd.sql one.sql"));
    read_file("table.c", text, sizeof(text));
    (void)snprintf(expected, sizeof(expected),
                   "/* Made by cmd/dev/embed_statements.awk from sql/queries. */\n#include \"pg/statement.h\"\n\n"
                   "const struct pg_statement_info pg_statement_table[PG_STATEMENT_COUNT] = {\n"
                   "    [PG_ODD] = {\"odd\", \"muster_edge  muster_desk\",\n%s    },\n"
                   "    [PG_ONE] = {\"one\", \"muster_courier\",\n     \"SELECT 1\\n\"\n    },\n};\n",
                   odd_lines);
    assert_string_equal(text, expected);
    read_file("list.h", text, sizeof(text));
    assert_non_null(strstr(text, "enum pg_statement {\n    PG_ODD,\n    PG_ONE,\n    PG_STATEMENT_COUNT\n};\n"));
}

static void no_file_is_an_empty_table(void **state)
{
    char text[1024];
    (void)state;
    assert_true(run("embed_statements.awk", ""));
    read_file("list.h", text, sizeof(text));
    assert_non_null(strstr(text, "enum pg_statement {\n    PG_STATEMENT_COUNT\n};\n"));
    assert_true(run("embed_migrations.awk", ""));
    read_file("said", text, sizeof(text));
    assert_non_null(strstr(text, "pg_migration_table[] = {\n    {0, 0, 0},\n};\n"));
}

static void mistakes_stop_the_build(void **state)
{
    static const struct {
        const char *program, *files, *said;
    } cases[] = {
        {"embed_statements.awk", "norole.sql", "norole.sql: no \"-- role:\" line"},
        {"embed_statements.awk", "fine.sql norole.sql fine2.sql", "norole.sql: no \"-- role:\" line"},
        {"embed_statements.awk", "twice.sql", "twice.sql: a second \"-- role:\" line"},
        {"embed_statements.awk", "quoted.sql", "quoted.sql: a role is"},
        {"embed_statements.awk", "nothing.sql", "nothing.sql: no statement"},
        {"embed_statements.awk", "fine.sql empty.sql", "one of the files is empty"},
        {"embed_statements.awk", "fine.sql ./fine.sql", "./fine.sql: another file makes the same name"},
        {"embed_statements.awk", "Fine.sql", "Fine.sql: a name is"},
        {"embed_migrations.awk", "0000_z.sql", "0000_z.sql: expected a number above 0"},
        {"embed_migrations.awk", "0003_c.sql 0001_a.sql", "0001_a.sql: expected a number above 3"},
        {"embed_migrations.awk", "0001_a.sql fine.sql", "fine.sql: expected a number above 1"},
        {"embed_migrations.awk", "0001_a.sql empty.sql", "one of the files is empty"},
    };
    static const char *const fine[] = {"fine.sql", "fine2.sql", "Fine.sql", "0001_a.sql", "0000_z.sql", "0003_c.sql"};
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        write_file(fine[i], "-- role: muster_edge\nSELECT 1\n");
    }
    write_file("norole.sql", "-- What it does.\nSELECT 1\n");
    write_file("twice.sql", "-- role: muster_edge\n-- role: muster_desk\nSELECT 1\n");
    write_file("quoted.sql", "-- role: \"edge\"\nSELECT 1\n");
    write_file("nothing.sql", "-- role: muster_edge\n");
    write_file("empty.sql", "");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(run(cases[i].program, cases[i].files));
        read_file("said", text, sizeof(text));
        if (strstr(text, cases[i].said) == NULL) {
            fail_msg("%s %s said: %s", cases[i].program, cases[i].files, text);
        }
    }
}

static void migrations_are_numbered(void **state)
{
    char expected[1024];
    char text[1024];
    (void)state;
    write_file("0001_odd.sql", odd_sql);
    write_file("0002_two.sql", "SELECT 2;\n");
    assert_true(run("embed_migrations.awk", "0001_odd.sql 0002_two.sql"));
    read_file("said", text, sizeof(text));
    (void)snprintf(expected, sizeof(expected),
                   "    {1, \"0001_odd\",\n     \"-- Odd \\\"things\\\".\\n\"\n"
                   "     \"-- role: muster_edge  muster_desk \\n\"\n%s    },\n"
                   "    {2, \"0002_two\",\n     \"SELECT 2;\\n\"\n    },\n    {0, 0, 0},\n};\n",
                   odd_lines);
    assert_non_null(strstr(text, expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_c_literals),
        cmocka_unit_test(no_file_is_an_empty_table),
        cmocka_unit_test(mistakes_stop_the_build),
        cmocka_unit_test(migrations_are_numbered),
    };
    return cmocka_run_group_tests_name("pg.embed", tests, make_folder, drop_folder);
}
