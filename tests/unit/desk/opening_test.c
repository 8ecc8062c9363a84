/* SPDX-License-Identifier: Apache-2.0
 * What opens, what does not, and that the one never hides the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "desk/opening.h"

struct room {
    struct opening opening;
    struct arena arena;
    struct seal_epoch *epoch;
};

static const struct seal_place message = {"check_in", "message", SLICE_INIT("0123456789abcdef")};

static struct sealed_cell seal(struct room *room, const char *plain)
{
    const char *recipient = NULL;
    struct sealed_cell cell = {
        .sealed = seal_field(room->epoch, &room->arena, &message, slice_of(plain)),
        .epoch_id = *seal_epoch_id(room->epoch),
        .wrap = seal_epoch_wrap(room->epoch, 0, &recipient),
    };
    assert_non_null(cell.sealed.data);
    assert_string_equal(recipient, opening_recipient_id(&room->opening));
    return cell;
}

static void expect_text(struct room *room, const struct sealed_cell *cell, const struct seal_place *place,
                        const char *text)
{
    bool unreadable = false;
    json_t *value = opening_text(&room->opening, cell, place, &unreadable);
    assert_int_equal(unreadable, text == NULL);
    if (text != NULL) {
        assert_string_equal(json_string_value(value), text);
    } else {
        assert_true(json_is_null(value));
    }
    json_decref(value);
}

static void texts(void **state)
{
    struct room *room = *state;
    struct sealed_cell cell = seal(room, "please come");
    struct sealed_cell empty = seal(room, "");
    bool unreadable = false;
    const struct sealed_cell nothing = {.sealed = {NULL, 0}};
    expect_text(room, &cell, &message, "please come");
    expect_text(room, &empty, &message, "");
    assert_true(json_is_null(opening_text(&room->opening, &nothing, &message, &unreadable)) && !unreadable);
    cell.wrap = SLICE(""); /* known by now */
    expect_text(room, &cell, &message, "please come");
    assert_int_equal(room->opening.unreadable, 0);
}

static void what_does_not_open(void **state)
{
    struct room *room = *state;
    struct sealed_cell cell = seal(room, "please come");
    const struct seal_place elsewhere = {"check_in", "message", SLICE("another row's id")};
    char spoilt[512];
    struct sealed_cell unwrapped = cell;
    unwrapped.wrap = SLICE("");
    expect_text(room, &unwrapped, &message, NULL); /* its wraps were destroyed */
    expect_text(room, &cell, &elsewhere, NULL);
    memcpy(spoilt, cell.sealed.data, cell.sealed.length);
    spoilt[40] ^= 1;
    struct sealed_cell changed = cell;
    changed.sealed.data = spoilt;
    expect_text(room, &changed, &message, NULL);
    struct sealed_cell bad_text = seal(room, "\xff\xfe");
    expect_text(room, &bad_text, &message, NULL);
    expect_text(room, &cell, &message, "please come");
    assert_int_equal(room->opening.unreadable, 4);
}

static void objects(void **state)
{
    struct room *room = *state;
    static const char *const bad[] = {"[1]", "\"x\"", "{", "", "7"};
    struct sealed_cell cell = seal(room, "{\"lat\":13.5127,\"place\":\"Niamey\"}");
    bool unreadable = false;
    json_t *object = opening_object(&room->opening, &cell, &message, &unreadable);
    assert_false(unreadable);
    assert_string_equal(json_string_value(json_object_get(object, "place")), "Niamey");
    json_decref(object);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cell = seal(room, bad[i]);
        unreadable = false;
        assert_true(json_is_null(opening_object(&room->opening, &cell, &message, &unreadable)));
        assert_true(unreadable);
    }
}

static int set_up(void **state)
{
    static struct room room;
    struct seal_recipient recipient;
    uint8_t secret_key[SEAL_KEY_SIZE];
    struct error error;
    if (!seal_start(&error) || crypto_box_keypair(recipient.public_key, secret_key) != 0) {
        return -1;
    }
    seal_recipient_identify(&recipient);
    arena_init(&room.arena, 1024 * 1024);
    room.epoch = seal_epoch_new(&recipient, 1);
    *state = &room;
    return opening_init(&room.opening, secret_key) && room.epoch != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    seal_epoch_free(room->epoch);
    opening_release(&room->opening);
    arena_release(&room->arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(objects, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("desk/opening", tests, NULL, NULL);
}
