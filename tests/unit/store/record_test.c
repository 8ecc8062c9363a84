/* SPDX-License-Identifier: Apache-2.0
 * What is written to the journal is what is read back, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "store/check_in_record.h"
#include "store/code_request.h"
#include "store/registration_record.h"

static struct sealed_epoch *make_epoch(void)
{
    struct sealed_epoch *epoch = calloc(1, sizeof(*epoch));
    assert_non_null(epoch);
    epoch->references = 1;
    epoch->id = uuid_random();
    epoch->opened_us = 1690992000000000;
    epoch->wrap_count = 2;
    memcpy(epoch->crisis, "ner-2023", 9);
    memcpy(epoch->wraps[0].recipient_id, "0123456789abcdef", 17);
    memset(epoch->wraps[1].wrapped, 7, SEAL_WRAP_SIZE);
    return epoch;
}

static struct check_in_record *make_check_in(void)
{
    struct check_in_record *r = check_in_record_new(NULL);
    assert_non_null(r);
    r->epoch = make_epoch();
    r->client_id = uuid_random();
    r->has_registration_id = true;
    r->registration_id = 35184372088831;
    r->stranger_id = r->registration_id;
    memset(r->content_mac, 9, sizeof(r->content_mac));
    r->crisis = SLICE("ner-2023");
    r->status = SLICE("need_help");
    r->needs = 0x3ffff;
    r->people = 4;
    r->band = 2;
    r->reasons = 0x400;
    r->queue = SLICE("emergency");
    r->respond_by_us = 1690992600000000;
    r->channel = SLICE("api");
    r->cell = SLICE("s1z0g");
    r->sealed_message = slice_make("\0sealed\0", 8);
    r->has_at = true;
    r->at_us = -5;
    r->received_us = 1690992000000001;
    return r;
}

static void test_a_check_in_comes_back(void **state)
{
    struct buffer out;
    struct check_in_record *r = make_check_in();
    (void)state;
    buffer_init(&out, 1 << 20);
    check_in_record_write(r, &out);
    assert_false(out.failed);
    struct check_in_record *back = check_in_record_read(buffer_slice(&out));
    assert_non_null(back);
    assert_true(uuid_equal(&back->client_id, &r->client_id));
    assert_true(uuid_equal(&back->epoch->id, &r->epoch->id));
    assert_int_equal(back->epoch->wrap_count, 2);
    assert_memory_equal(back->epoch->wraps[1].wrapped, r->epoch->wraps[1].wrapped, SEAL_WRAP_SIZE);
    assert_string_equal(back->epoch->crisis, "ner-2023");
    assert_int_equal(back->registration_id, r->registration_id);
    assert_true(slice_equal(back->status, r->status) && slice_equal(back->queue, r->queue));
    assert_true(slice_equal(back->sealed_message, r->sealed_message));
    assert_int_equal(back->sealed_location.length, 0);
    assert_int_equal(back->needs, r->needs);
    assert_int_equal(back->people, 4);
    assert_int_equal(back->at_us, -5);
    assert_int_equal(back->received_us, r->received_us);
    assert_true(back->via_journal);
    assert_false(back->epoch->confirmed);
    check_in_record_free(back);
    check_in_record_free(r);
    buffer_release(&out);
}

/* A piece tells so in a format of its own; what is none is written as it was before there were pieces. */
static void test_a_piece_comes_back(void **state)
{
    struct buffer out;
    struct check_in_record *r = make_check_in();
    (void)state;
    buffer_init(&out, 1 << 20);
    check_in_record_write(r, &out);
    assert_int_equal(out.data[0], 1);
    size_t without = out.length;
    buffer_clear(&out);
    memset(r->piece.set, 8, sizeof(r->piece.set));
    r->piece.number = 2;
    r->piece.total = 3;
    check_in_record_write(r, &out);
    assert_int_equal(out.data[0], 2);
    assert_int_equal(out.length, without + BLIND_SIZE + 2);
    struct check_in_record *back = check_in_record_read(buffer_slice(&out));
    assert_non_null(back);
    assert_memory_equal(&back->piece, &r->piece, sizeof(r->piece));
    assert_int_equal(back->received_us, r->received_us);
    check_in_record_free(back);
    assert_null(check_in_record_read(slice_sub(buffer_slice(&out), 0, out.length - 1)));
    out.data[out.length - 1] = 1; /* the second of one */
    assert_null(check_in_record_read(buffer_slice(&out)));
    check_in_record_free(r);
    buffer_release(&out);
}

static void test_a_cut_or_longer_payload_is_none(void **state)
{
    struct buffer out;
    struct check_in_record *r = make_check_in();
    (void)state;
    buffer_init(&out, 1 << 20);
    check_in_record_write(r, &out);
    for (size_t length = 0; length < out.length; length++) {
        assert_null(check_in_record_read(slice_sub(buffer_slice(&out), 0, length)));
    }
    buffer_add_byte(&out, 0);
    assert_null(check_in_record_read(buffer_slice(&out)));
    out.data[0] = 99; /* a format we do not know */
    assert_null(check_in_record_read(slice_sub(buffer_slice(&out), 0, out.length - 1)));
    check_in_record_free(r);
    buffer_release(&out);
}

static struct registration_record *make_registration(void)
{
    struct registration_record *r = registration_record_new();
    assert_non_null(r);
    r->epoch = make_epoch();
    r->client_id = uuid_random();
    r->registration_id = 42;
    r->crisis = SLICE("ner-2023");
    r->has_consent = true;
    r->consent_partners = true;
    r->party_size = 2;
    r->channel = SLICE("web");
    r->queue = SLICE("departure");
    r->band = 4;
    r->members = arena_array(&r->arena, 2, sizeof(*r->members));
    r->contacts = arena_array(&r->arena, 1, sizeof(*r->contacts));
    assert_true(r->members != NULL && r->contacts != NULL);
    r->member_count = 2;
    r->contact_count = 1;
    r->members[0] = (struct member_row){SLICE("citizen"), 3, SLICE("one"), SLICE("index"), SLICE("{1,-2}")};
    r->members[1] = (struct member_row){SLICE("other"), 0, SLICE("two"), SLICE(""), SLICE("")};
    r->contacts[0] = (struct contact_row){SLICE("phone"), true, SLICE("sealed"), SLICE("blind")};
    return r;
}

static void test_a_registration_comes_back(void **state)
{
    struct buffer out;
    struct registration_record *r = make_registration();
    (void)state;
    buffer_init(&out, 1 << 20);
    registration_record_write(r, &out);
    struct registration_record *back = registration_record_read(buffer_slice(&out));
    assert_non_null(back);
    assert_int_equal(back->member_count, 2);
    assert_int_equal(back->contact_count, 1);
    assert_true(slice_equal(back->members[1].sealed_person, SLICE("two")));
    assert_int_equal(back->members[1].document_index.length, 0);
    assert_true(slice_equal(back->members[0].name_keys, SLICE("{1,-2}")));
    assert_true(back->contacts[0].primary && slice_equal(back->contacts[0].value_index, SLICE("blind")));
    assert_true(back->has_consent && !back->consent_family && back->consent_partners);
    registration_record_free(back);
    for (size_t length = 0; length < out.length; length++) {
        assert_null(registration_record_read(slice_sub(buffer_slice(&out), 0, length)));
    }
    registration_record_free(r);
    buffer_release(&out);
}

/* An older journal's: its members get their name keys later. */
static void test_a_registration_without_name_keys_comes_back(void **state)
{
    struct buffer out;
    struct registration_record *r = make_registration();
    (void)state;
    buffer_init(&out, 1 << 20);
    r->format = 1;
    registration_record_write(r, &out);
    struct registration_record *back = registration_record_read(buffer_slice(&out));
    assert_non_null(back);
    assert_true(slice_equal(back->members[0].document_index, SLICE("index")));
    assert_int_equal(back->members[0].name_keys.length, 0);
    assert_true(slice_equal(back->contacts[0].value_index, SLICE("blind")));
    registration_record_free(back);
    registration_record_free(r);
    buffer_release(&out);
}

/* Only epochs that PostgreSQL may not have are sent, each once. */
static struct sealed_epoch *epoch_of(const void *record)
{
    return ((const struct check_in_record *)record)->epoch;
}

static void test_a_wish_for_a_code_comes_back(void **state)
{
    struct buffer out;
    struct code_request *r = code_request_new();
    (void)state;
    assert_non_null(r);
    r->epoch = make_epoch();
    memset(r->phone_index, 5, sizeof(r->phone_index));
    r->crisis = SLICE("ner-2023");
    r->gateway = SLICE("twilio-2");
    r->asked_us = 1690992000000002;
    for (size_t i = 0; i < CODE_TEXTS; i++) {
        r->texts[i] = (struct code_text){uuid_random(), i == 1 ? SLICE("sealed") : slice_make("\0other", 6)};
    }
    buffer_init(&out, 1 << 20);
    code_request_write(r, &out);
    assert_false(out.failed);
    struct code_request *back = code_request_read(buffer_slice(&out));
    assert_non_null(back);
    assert_memory_equal(back->phone_index, r->phone_index, BLIND_SIZE);
    assert_true(slice_equal(back->crisis, r->crisis) && slice_equal(back->gateway, r->gateway));
    assert_true(back->asked_us == r->asked_us && uuid_equal(&back->epoch->id, &r->epoch->id));
    for (size_t i = 0; i < CODE_TEXTS; i++) {
        assert_true(uuid_equal(&back->texts[i].id, &r->texts[i].id));
        assert_true(slice_equal(back->texts[i].sealed, r->texts[i].sealed));
    }
    code_request_free(back);
    for (size_t cut = 0; cut < out.length; cut++) {
        assert_null(code_request_read(slice_sub(buffer_slice(&out), 0, cut)));
    }
    buffer_add_byte(&out, 0);
    assert_null(code_request_read(buffer_slice(&out)));
    buffer_release(&out);
    code_request_free(r);
}

static void test_epochs_travel_until_confirmed(void **state)
{
    struct check_in_record *a = make_check_in();
    struct check_in_record *b = check_in_record_new(NULL);
    struct pg_params params;
    (void)state;
    assert_non_null(b);
    b->epoch = sealed_epoch_take(a->epoch);
    const void *records[] = {a, b};
    pg_params_init(&params);
    sealed_epoch_encode(&params, records, 2, epoch_of);
    assert_true(pg_params_ok(&params));
    assert_int_equal(params.count, 6);
    assert_int_equal(params.length[0], 20 + 4 + UUID_SIZE);       /* one epoch */
    assert_int_equal(params.length[3], 20 + 2 * (4 + UUID_SIZE)); /* two wraps */
    pg_params_release(&params);
    a->epoch->confirmed = true;
    pg_params_init(&params);
    sealed_epoch_encode(&params, records, 2, epoch_of);
    assert_int_equal(params.length[0], 12); /* an empty array */
    pg_params_release(&params);
    check_in_record_free(a);
    check_in_record_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_check_in_comes_back),
        cmocka_unit_test(test_a_piece_comes_back),
        cmocka_unit_test(test_a_cut_or_longer_payload_is_none),
        cmocka_unit_test(test_a_registration_comes_back),
        cmocka_unit_test(test_a_registration_without_name_keys_comes_back),
        cmocka_unit_test(test_a_wish_for_a_code_comes_back),
        cmocka_unit_test(test_epochs_travel_until_confirmed),
    };
    return cmocka_run_group_tests_name("store records", tests, NULL, NULL);
}
