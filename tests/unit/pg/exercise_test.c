/* SPDX-License-Identifier: Apache-2.0
 * register.is_exercise says the same as exercise_is: each bit of an exercise id turned, and ids by chance. */
#include "fixture.h"

#include "domain/exercise.h"
#include "pg/migrate.h"

enum { BY_CHANCE = 500 };

/* The function as its migration makes it. */
static char *text_of_function(void)
{
    static const char begin[] = "CREATE FUNCTION register.is_exercise(", end[] = "\n$$;";
    for (const struct pg_migration *m = pg_migration_table; m->name != NULL; m++) {
        const char *from = strcmp(m->name, "0006_exercise") == 0 ? strstr(m->text, begin) : NULL;
        const char *to = from != NULL ? strstr(from, end) : NULL;
        if (to != NULL) {
            return strndup(from, (size_t)(to - from) + sizeof(end) - 1);
        }
    }
    return NULL;
}

static void compare(PGconn *conn, const struct uuid *id)
{
    char text[UUID_TEXT_SIZE + 1];
    char sql[128];
    (void)snprintf(sql, sizeof(sql), "SELECT register.is_exercise('%s')::integer", uuid_format(id, text).data);
    if (fixture_sql(conn, sql) != exercise_is(id)) {
        fail_msg("%s: SQL and C do not agree", text);
    }
}

static void test_the_twins_agree(void **state)
{
    PGconn *conn = fixture_connect(fixture_url());
    char *function = text_of_function();
    (void)state;
    assert_non_null(function);
    (void)fixture_sql(conn, "BEGIN");
    (void)fixture_sql(conn, "CREATE SCHEMA register");
    (void)fixture_sql(conn, function);
    const uint64_t numbers[] = {0, 1, EXERCISE_NUMBER_MAX, UINT64_C(0x2aaaaaaaaaaaaaaa)};
    const uint32_t drills[] = {0, 0xabcdef, EXERCISE_DRILL_MAX};
    for (unsigned k = 0; k < 12; k++) {
        struct uuid id = exercise_id(drills[k % 3], numbers[k / 3]);
        compare(conn, &id);
        for (unsigned bit = 0; bit < 128; bit++) {
            struct uuid other = id;
            other.bytes[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
            compare(conn, &other);
        }
    }
    for (unsigned i = 0; i < BY_CHANCE; i++) {
        struct uuid id = uuid_random();
        compare(conn, &id);
        const struct uuid mark = exercise_first(0);
        memcpy(id.bytes, mark.bytes, 4);
        random_fill(id.bytes + 4, UUID_SIZE - 4);
        compare(conn, &id);
    }
    (void)fixture_sql(conn, "ROLLBACK");
    PQfinish(conn);
    free(function);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_twins_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
