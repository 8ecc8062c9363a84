/* SPDX-License-Identifier: Apache-2.0
 * path: what one JSON check-in costs between HTTP and PostgreSQL, stage by stage, with no socket and no server.
 *
 * path [COUNT] [BODY] [STAGE]: each stage runs COUNT times (20000) on a typical check-in and on a fat one, and prints the processor time
 * of one in nanoseconds; with BODY and STAGE ("typical" "seal") only that one runs, for callgrind. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/case_code.h"
#include "core/json_read.h"
#include "domain/check_in.h"
#include "domain/sms.h"
#include "domain/decode_submission.h"
#include "store/derive.h"
#include "edge/role.h"
#include "edge/seal_record.h"
#include "edge/verdict.h"
#include "domain/check_in_triage.h"
#include "pg/call.h"
#include "store/check_in_record.h"

enum { ARENA_MAX = 256 * 1024, BODY_MAX = 8192, COUNT_DEFAULT = 20000 };

struct path {
    struct edge edge;
    struct crisis_row crisis;
    struct slice body;
    struct submission submission;
    struct check_in check_in;                   /* decoded and validated once */
    struct check_in_record *records[BATCH_MAX]; /* sealed once */
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "path: %s\n", what);
    exit(1);
}

static const struct tree *read_tree(struct arena *arena, struct slice body)
{
    const struct tree *tree = json_read(arena, body);
    if (tree == NULL) {
        fail("the body is no JSON");
    }
    return tree;
}

static void stage_read(struct path *path)
{
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    (void)read_tree(&arena, path->body);
    arena_release(&arena);
}

static void decode(struct path *path, struct arena *arena, struct check_in *check_in, bool validate)
{
    struct field_errors errors;
    errors.count = 0;
    struct decoder decoder = {arena, &errors, false};
    memset(check_in, 0, sizeof(*check_in));
    decode_check_in(&decoder, path->submission.content, check_in);
    if ((validate && !check_in_validate(check_in, "NE", &errors)) || errors.count > 0) {
        fail("the check-in is not valid");
    }
}

static void stage_decode(struct path *path)
{
    struct arena arena;
    struct check_in check_in;
    arena_init(&arena, ARENA_MAX);
    decode(path, &arena, &check_in, false);
    arena_release(&arena);
}

static void stage_validate(struct path *path)
{
    struct field_errors errors;
    errors.count = 0;
    if (!check_in_validate(&path->check_in, "NE", &errors)) {
        fail("the check-in is not valid");
    }
}

static void stage_words(struct path *path)
{
    if (sms_read_danger(path->check_in.message).trapped) {
        fail("nobody is trapped");
    }
}

static void stage_mac(struct path *path)
{
    uint8_t mac[BLIND_SIZE];
    if (!derive_content_mac(&path->edge.keys, path->submission.content, mac)) {
        fail("no memory");
    }
}

static void stage_seal(struct path *path)
{
    path->submission.verdict =
        check_in_triage(&triage_policy_default, &path->check_in, NULL, path->submission.received_us);
    struct check_in_record *record = seal_check_in(&path->edge, &path->check_in, &path->submission);
    if (record == NULL) {
        fail("not sealed");
    }
    check_in_record_free(record);
}

/* A full batch; its price is divided by its size. */
static void stage_encode(struct path *path)
{
    struct pg_params params;
    pg_params_init(&params);
    check_in_batch_kind.encode(&params, (const void *const *)path->records, BATCH_MAX);
    struct pg_call *call = pg_call_new(&params, NULL);
    if (call == NULL) {
        fail("not encoded");
    }
    pg_params_release(&params);
    pg_call_free(call);
}

struct stage {
    const char *name;
    void (*run)(struct path *path);
    unsigned records; /* of one run */
    bool part;        /* of the stage before it that is no part; not summed */
};

static const struct stage stages[] = {
    {"read JSON", stage_read, 1, false},        {"decode", stage_decode, 1, false},
    {"validate", stage_validate, 1, false},     {"triage and seal", stage_seal, 1, false},
    {"  of it words", stage_words, 1, true},    {"  of it content MAC", stage_mac, 1, true},
    {"encode", stage_encode, BATCH_MAX, false},
};

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void measure(struct path *path, const char *name, unsigned long count, const char *only)
{
    double sum = 0;
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        const struct stage *stage = &stages[i];
        unsigned long runs = count / stage->records + 1;
        if (only != NULL && strcmp(only, stage->name) != 0) {
            continue;
        }
        double began = seconds_now();
        for (unsigned long run = 0; run < runs; run++) {
            stage->run(path);
        }
        double each = (seconds_now() - began) * 1e9 / (double)(runs * stage->records);
        sum += stage->part ? 0 : each;
        printf("%-8s %-20s %8.0f ns\n", name, stage->name, each);
    }
    printf("%-8s %-20s %8.0f ns\n", name, "all", sum);
}

static struct slice typical_body(char out[BODY_MAX], const char *code)
{
    int length = snprintf(out, BODY_MAX,
                          "{\"client_id\":\"0d9f7c3e-1111-4222-8333-444455556666\",\"case\":\"%s\",\"status\":\"safe\","
                          "\"location\":{\"lat\":13.51,\"lon\":2.11},\"message\":\"we are at home and well\"}",
                          code);
    return slice_make(out, (size_t)length);
}

/* Every member, escapes, three scripts, and a message at its limit. */
static struct slice fat_body(char out[BODY_MAX], const char *code)
{
    char words[3200];
    size_t used = 0;
    static const char piece[] = "Nous sommes \\u00e0 l'h\xc3\xb4tel, rue barr\xc3\xa9"
                                "e, l'eau manque. ";
    while (used + sizeof(piece) < 1900) {
        memcpy(words + used, piece, sizeof(piece) - 1);
        used += sizeof(piece) - 1;
    }
    int length =
        snprintf(out, BODY_MAX,
                 "{\n  \"client_id\": \"0d9f7c3e-1111-4222-8333-444455556666\",\n  \"case\": \"%s\",\n  \"status\": "
                 "\"need_help\",\n"
                 "  \"needs\": [\"medication\", \"infant\", \"shelter\", \"food_water\"],\n  \"people\": 4,\n"
                 "  \"location\": {\"lat\": 13.5116042, \"lon\": 2.1253854, \"accuracy_m\": 12.5, \"place\": \"Niamey, "
                 "quartier Plateau\", \"admin1\": \"NE-8\"},\n  \"message\": \"%.*s\",\n  \"at\": "
                 "\"2023-08-02T10:00:00+01:00\"\n}",
                 code, (int)used, words);
    return slice_make(out, (size_t)length);
}

static void run(struct path *path, const char *name, struct slice body, unsigned long count, const char *only)
{
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    path->body = body;
    path->submission = (struct submission){.crisis = &path->crisis,
                                           .channel = CHANNEL_API,
                                           .language = SLICE("en"),
                                           .received_us = INT64_C(1690970400000000),
                                           .content = read_tree(&arena, body)};
    decode(path, &arena, &path->check_in, true);
    for (size_t i = 0; i < BATCH_MAX; i++) {
        path->records[i] = seal_check_in(&path->edge, &path->check_in, &path->submission);
        if (path->records[i] == NULL) {
            fail("not sealed");
        }
    }
    path->records[0]->epoch->confirmed = true;
    measure(path, name, count, only);
    for (size_t i = 0; i < BATCH_MAX; i++) {
        check_in_record_free(path->records[i]);
    }
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    static struct path path;
    char typical[BODY_MAX];
    char fat[BODY_MAX];
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct error error;
    struct seal_recipient recipient = {.id = ""};
    uint8_t index_key[SEAL_KEY_SIZE] = {5};
    uint64_t count = COUNT_DEFAULT;
    if (argc > 1 && !slice_to_u64(slice_of(argv[1]), 100 * 1000 * 1000, &count)) {
        fail("usage: path [COUNT] [BODY] [STAGE]");
    }
    if (!seal_start(&error)) {
        fail(error.detail);
    }
    recipient.public_key[0] = 9; /* the base point: nobody's key, and a usable one */
    seal_recipient_identify(&recipient);
    blind_keys_derive(index_key, &path.edge.keys);
    arena_shelf_init(&path.edge.records, CHECK_IN_BLOCK_SIZE, 2 * BATCH_MAX);
    path.edge.clock = clock_system();
    path.edge.epochs = epochs_new(&recipient, 1, &path.edge.clock);
    path.crisis = (struct crisis_row){.id = SLICE("niger-2023"), .country = SLICE("NE")};
    (void)case_code_format(123456789, code);
    const char *stage = argc > 3 ? argv[3] : NULL;
    if (argc < 3 || strcmp(argv[2], "typical") == 0) {
        run(&path, "typical", typical_body(typical, code), count, stage);
    }
    if (argc < 3 || strcmp(argv[2], "fat") == 0) {
        run(&path, "fat", fat_body(fat, code), count, stage);
    }
    epochs_free(path.edge.epochs);
    arena_shelf_release(&path.edge.records);
    return 0;
}
