/* SPDX-License-Identifier: Apache-2.0
 * Connection strings rewritten: what libpq reads back is what was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "pg/conninfo.h"

/* What libpq reads as `keyword`; "" when it is not there. */
static void check(const char *conninfo, const char *keyword, const char *expected)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    const char *value = "";
    assert_non_null(options);
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        if (strcmp(option->keyword, keyword) == 0 && option->val != NULL) {
            value = option->val;
        }
    }
    assert_string_equal(value, expected);
    PQconninfoFree(options);
}

static void user_and_password_are_replaced(void **state)
{
    static const char *const bases[] = {
        "postgresql://owner:old@db1.example:5433,db2.example/"
        "muster?sslmode=verify-full&target_session_attrs=read-write",
        "host=db1.example,db2.example port=5433, user=owner password='old' dbname=muster sslmode=verify-full "
        "target_session_attrs=read-write passfile=/nowhere application_name=psql",
    };
    static const char password[] = "it's \\ a 'quoted\\' pass word=";
    (void)state;
    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
        struct buffer out;
        struct error error;
        buffer_init(&out, 4096);
        assert_true(pg_conninfo_with(bases[i], "muster_edge", password, "musterd 'edge' 1", &out, &error));
        buffer_add_byte(&out, '\0');
        check(out.data, "user", "muster_edge");
        check(out.data, "password", password);
        check(out.data, "application_name", "musterd 'edge' 1");
        check(out.data, "passfile", "");
        check(out.data, "host", "db1.example,db2.example");
        check(out.data, "port", "5433,");
        check(out.data, "dbname", "muster");
        check(out.data, "sslmode", "verify-full");
        check(out.data, "target_session_attrs", "read-write");
        buffer_release(&out);
    }
}

static void errors_name_no_secret(void **state)
{
    struct buffer out;
    struct error error;
    (void)state;
    buffer_init(&out, 4096);
    assert_false(pg_conninfo_with("user=owner hunter2", "a", "b", "c", &out, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_null(strstr(error.detail, "hunter2"));
    buffer_release(&out);
    buffer_init(&out, 16);
    assert_false(pg_conninfo_with("host=db1.example dbname=muster", "a", "b", "c", &out, &error));
    buffer_release(&out);
}

static void hosts_turn_together(void **state)
{
    static const struct {
        const char *base;
        unsigned by;
        const char *host, *port;
    } cases[] = {
        {"host=a,b,c port=1,2,3 user=u", 0, "a,b,c", "1,2,3"},
        {"host=a,b,c port=1,2,3 user=u", 1, "b,c,a", "2,3,1"},
        {"host=a,b,c port=1,2,3 user=u", 2, "c,a,b", "3,1,2"},
        {"host=a,b,c port=1,2,3 user=u", 7, "b,c,a", "2,3,1"},
        {"host=a,b port=5433 user=u", 1, "b,a", "5433"},
        {"postgresql://u@a:1,b/x", 1, "b,a", ",1"},
        {"host=a user=u", 3, "a", ""},
        {"user=u", 1, "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer out;
        buffer_init(&out, 4096);
        assert_true(pg_conninfo_rotated(cases[i].base, cases[i].by, &out));
        check(out.data, "host", cases[i].host);
        check(out.data, "port", cases[i].port);
        check(out.data, "user", "u");
        buffer_release(&out);
    }
}

static void commas_elsewhere_stay(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, 4096);
    assert_true(pg_conninfo_rotated("host=a,b password='p,q' options='-c search_path=x,y'", 1, &out));
    check(out.data, "password", "p,q");
    check(out.data, "options", "-c search_path=x,y");
    buffer_release(&out);
    buffer_init(&out, 4096);
    assert_false(pg_conninfo_rotated("no such thing", 1, &out));
    buffer_release(&out);
}

static void seconds_are_read(void **state)
{
    (void)state;
    assert_int_equal(pg_conninfo_seconds("connect_timeout=3", "connect_timeout", 5), 3);
    assert_int_equal(pg_conninfo_seconds("postgresql:///x?connect_timeout=600", "connect_timeout", 5), 600);
    assert_int_equal(pg_conninfo_seconds("connect_timeout=601", "connect_timeout", 5), 5);
    assert_int_equal(pg_conninfo_seconds("connect_timeout=0", "connect_timeout", 5), 5);
    assert_int_equal(pg_conninfo_seconds("connect_timeout=soon", "connect_timeout", 5), 5);
    assert_int_equal(pg_conninfo_seconds("", "connect_timeout", 5), 5);
    assert_int_equal(pg_conninfo_seconds("nonsense", "connect_timeout", 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_and_password_are_replaced),
        cmocka_unit_test(errors_name_no_secret),
        cmocka_unit_test(hosts_turn_together),
        cmocka_unit_test(commas_elsewhere_stay),
        cmocka_unit_test(seconds_are_read),
    };
    return cmocka_run_group_tests_name("pg.conninfo", tests, NULL, NULL);
}
