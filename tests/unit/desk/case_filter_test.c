/* SPDX-License-Identifier: Apache-2.0
 * What a queue may be asked, and that the next page's address asks the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/case_filter.h"
#include "domain/vocabulary.h"

static struct arena arena;

static bool parse(const char *query, struct case_filter *filter, struct field_errors *errors)
{
    *filter = (struct case_filter){.queue = SLICE("emergency")};
    *errors = (struct field_errors){.count = 0};
    return case_filter_parse(&arena, slice_of(query), filter, errors);
}

static void what_may_be_asked(void **state)
{
    struct case_filter filter;
    struct field_errors errors;
    (void)state;
    assert_true(parse("", &filter, &errors));
    assert_true(filter.limit == CASES_LIMIT_DEFAULT && !filter.has_after && filter.band == 0 && filter.needs == 0);
    assert_true(parse("limit=&after=&band=&post=&need=&cell=", &filter, &errors));
    assert_int_equal(filter.limit, CASES_LIMIT_DEFAULT);
    assert_true(parse("limit=200&band=5&post=niamey&need=medication&cell=s1v0g&lang=fr", &filter, &errors));
    assert_int_equal(filter.limit, 200);
    assert_int_equal(filter.band, 5);
    assert_int_equal(filter.needs, NEED_BIT(NEED_MEDICATION));
    assert_true(slice_equal(filter.post, SLICE("niamey")) && slice_equal(filter.cell, SLICE("s1v0g")));
}

static void each_fault_is_named(void **state)
{
    static const struct {
        const char *query;
        const char *path;
        enum field_fault fault;
    } cases[] = {
        {"limit=0", "limit", FIELD_OUT_OF_RANGE},   {"limit=201", "limit", FIELD_OUT_OF_RANGE},
        {"limit=-1", "limit", FIELD_OUT_OF_RANGE},  {"limit=1&limit=2", "limit", FIELD_REPEATED},
        {"band=0", "band", FIELD_OUT_OF_RANGE},     {"band=6", "band", FIELD_OUT_OF_RANGE},
        {"after=xyz", "after", FIELD_NOT_A_VALUE},  {"need=helicopter", "need", FIELD_NOT_A_VALUE},
        {"cell=aaaaa", "cell", FIELD_NOT_A_VALUE}, /* no such symbol in a geohash */
        {"cell=s1v0gg", "cell", FIELD_NOT_A_VALUE}, {"post=a%26b", "post", FIELD_NOT_A_VALUE},
        {"post=%3E", "post", FIELD_NOT_A_VALUE},    {"bnad=1", "bnad", FIELD_UNKNOWN},
        {"limit=%", "query", FIELD_NOT_TEXT},
    };
    struct case_filter filter;
    struct field_errors errors;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(parse(cases[i].query, &filter, &errors));
        assert_int_equal(errors.count, 1);
        assert_string_equal(errors.items[0].path, cases[i].path);
        assert_int_equal(errors.items[0].fault, cases[i].fault);
    }
}

static void the_next_page_asks_the_same(void **state)
{
    static const char start[] = "</api/v1/queues/emergency/cases?";
    static const char *const queries[] = {"", "limit=7", "band=2&need=pets", "post=niamey&cell=s1v0g&limit=1",
                                          "place=Old%20Gate%20%26%20%3EBir%C3%A9%2C%20T"};
    const struct case_key last = {true, INT64_C(1691000000000000), 42};
    (void)state;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        struct case_filter filter;
        struct case_filter next;
        struct field_errors errors;
        assert_true(parse(queries[i], &filter, &errors));
        struct slice link = case_filter_next(&arena, &filter, &last);
        assert_true(slice_starts_with(link, slice_of(start)));
        struct slice query = slice_sub(link, sizeof(start) - 1, slice_index(link, '>'));
        assert_true(slice_equal(slice_sub(link, slice_index(link, '>'), link.length), SLICE(">; rel=\"next\"")));
        next = (struct case_filter){.queue = filter.queue};
        assert_true(case_filter_parse(&arena, query, &next, &errors));
        assert_true(next.has_after && next.after.after_first_band && next.after.registration_id == 42 &&
                    next.after.respond_by_us == last.respond_by_us);
        assert_true(next.limit == filter.limit && next.band == filter.band && next.needs == filter.needs);
        assert_true(slice_equal(next.post, filter.post) && slice_equal(next.cell, filter.cell) &&
                    slice_equal(next.place, filter.place));
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_may_be_asked), cmocka_unit_test(each_fault_is_named),
                                       cmocka_unit_test(the_next_page_asks_the_same)};
    return cmocka_run_group_tests_name("desk/case_filter", tests, set_up, tear_down);
}
