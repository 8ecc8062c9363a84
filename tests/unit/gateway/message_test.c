/* SPDX-License-Identifier: Apache-2.0
 * The requests that the gateways document, or were seen to send, and what each must be read as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "gateway/message.h"

enum { ARENA_MAX = 1 << 20 };

#define FORM "application/x-www-form-urlencoded; charset=UTF-8"
#define JSON "application/json"

struct row {
    const char *name, *kind, *query, *type;
    struct slice body;
    enum gateway_reading reading;
    size_t count;
    const char *from, *to, *id, *text, *at; /* of the first message; `at` in RFC 3339, "" when it tells none */
    struct gateway_part part;
};

static const struct row rows[] = {
#include "messages.inc"
};

static void expect(const struct row *row, const char *what, struct slice found, const char *wanted)
{
    if (!slice_equal(found, slice_of(wanted))) {
        fail_msg("%s: %s is \"%.*s\", not \"%s\"", row->name, what, SLICE_ARGS(found), wanted);
    }
}

static void expect_message(const struct row *row, const struct gateway_message *message)
{
    char at[TIME_TEXT_MAX];
    expect(row, "from", message->from, row->from);
    expect(row, "to", message->to, row->to);
    expect(row, "id", message->id, row->id);
    expect(row, "text", message->text, row->text);
    expect(row, "at", message->has_at ? time_format(message->at_us, at) : SLICE(""), row->at);
    assert_true(slice_equal(message->part.reference, row->part.reference));
    assert_int_equal(message->part.number, row->part.number);
    assert_int_equal(message->part.total, row->part.total);
}

static void read_row(const struct row *row, const struct gateway_kind *kind, struct arena *arena)
{
    struct gateway_fields fields;
    struct gateway_message *messages = NULL;
    size_t count = 0;
    struct http_request request = {.query = slice_of(row->query), .body = row->body, .header_count = 1};
    request.headers[0] = (struct http_header){SLICE("Content-Type"), slice_of(row->type)};
    assert_true(gateway_fields_read(&fields, &request, kind->carriage, arena));
    enum gateway_reading reading = gateway_message_read_all(kind, &fields, arena, &messages, &count);
    if (reading != row->reading || count != row->count) {
        fail_msg("%s: read as %d, %zu messages", row->name, (int)reading, count);
    }
    if (count > 0) {
        expect_message(row, &messages[0]);
    }
}

static void test_documented_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        const struct gateway_kind *kind = gateway_kind_find(slice_of(rows[i].kind));
        assert_non_null(kind);
        read_row(&rows[i], kind, &arena);
        arena_release(&arena);
    }
}

/* Every kind has an example here, and says how its answer looks. */
static void test_every_kind_is_tested(void **state)
{
    const struct gateway_kind *kind = NULL;
    (void)state;
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        bool tested = false;
        for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            tested = tested || (strcmp(rows[k].kind, kind->name) == 0 && rows[k].reading == GATEWAY_READ);
        }
        assert_true(tested && kind->title != NULL && kind->source != NULL && kind->carriage != 0);
        assert_true(kind->message.from != NULL && kind->message.text != NULL && kind->message.id != NULL);
        assert_true(kind->answer.type != NULL && kind->answer.silent != NULL);
        assert_ptr_equal(gateway_kind_find(slice_of(kind->name)), kind);
    }
    assert_null(gateway_kind_find(SLICE("")));
    assert_null(gateway_kind_find(SLICE("Kannel")));
}

/* Memory that ends anywhere is told from a request that is wrong: the gateway then sends it again. */
static void test_without_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct gateway_kind *kind = gateway_kind_find(slice_of(rows[i].kind));
        for (size_t room = 0; room < 4096; room += 16) {
            struct arena arena;
            struct gateway_fields fields;
            struct gateway_message *messages = NULL;
            size_t count = 0;
            struct http_request request = {.query = slice_of(rows[i].query), .body = rows[i].body, .header_count = 1};
            request.headers[0] = (struct http_header){SLICE("Content-Type"), slice_of(rows[i].type)};
            arena_init(&arena, room);
            if (!gateway_fields_read(&fields, &request, kind->carriage, &arena)) {
                assert_true(arena.failed);
            } else {
                enum gateway_reading reading = gateway_message_read_all(kind, &fields, &arena, &messages, &count);
                assert_true(reading == rows[i].reading || reading == GATEWAY_NO_MEMORY);
                assert_true(reading == GATEWAY_NO_MEMORY || !arena.failed);
            }
            arena_release(&arena);
        }
    }
}

static void test_names_of_ones_own(void **state)
{
    static const struct row row = {"own names",
                                   "generic",
                                   "",
                                   JSON,
                                   SLICE_INIT("{\"data\":{\"sms\":[{\"who\":{\"number\":22790123456},\"body\":\"SOS\","
                                              "\"key\":\"k\",\"when\":\"1795487363000\"}]}}"),
                                   GATEWAY_READ,
                                   1,
                                   "22790123456",
                                   "",
                                   "k",
                                   "SOS",
                                   "2026-11-24T02:29:23.000Z",
                                   {.total = 0}};
    static const char *const wrong[] = {"sender=x", "from=", "from", "from=%zz", "=x"};
    struct arena arena;
    const struct gateway_kind *generic = gateway_kind_find(SLICE("generic"));
    (void)state;
    arena_init(&arena, ARENA_MAX);
    const struct gateway_kind *own =
        gateway_kind_with_names(generic, SLICE("list=data/sms&from=who/number&text=body&id=key&at=when"), &arena);
    assert_non_null(own);
    read_row(&row, own, &arena);
    assert_ptr_equal(gateway_kind_with_names(generic, SLICE(""), &arena), generic);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_null(gateway_kind_with_names(generic, slice_of(wrong[i]), &arena));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_requests),
        cmocka_unit_test(test_every_kind_is_tested),
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_names_of_ones_own),
    };
    return cmocka_run_group_tests_name("gateway message", tests, NULL, NULL);
}
