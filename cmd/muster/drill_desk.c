/* SPDX-License-Identifier: Apache-2.0
 * Looking at the register as an officer's program: what each party of the drill has said, case by case. The desk shows parties that have
 * a case; of the others it says nothing, and then nothing is said of them here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/case_code.h"
#include "domain/exercise.h"
#include "drill.h"

enum { DESK_ARENA_MAX = 1 << 20, TOKEN_MAX = 256, SHOWN_MOST = 200, SAY_EVERY = 500 };

struct desk_look {
    struct roll *roll;
    int64_t *cases; /* sorted, each once; the lowest bit of `seen` says whether the desk shows it */
    bool *seen;
    size_t count;
};

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool gather_cases(struct desk_look *look)
{
    const struct roll *roll = look->roll;
    look->cases = calloc((size_t)roll->count + 1, sizeof(*look->cases));
    look->seen = calloc((size_t)roll->count + 1, sizeof(*look->seen));
    if (look->cases == NULL || look->seen == NULL) {
        return false;
    }
    size_t count = 0;
    for (uint32_t i = 0; i < roll->count; i++) {
        if (roll->records[i].registration_id != ROLL_UNKNOWN && roll->records[i].kind != KIND_REGISTER) {
            look->cases[count++] = roll->records[i].registration_id;
        }
    }
    qsort(look->cases, count, sizeof(*look->cases), compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (look->count == 0 || look->cases[look->count - 1] != look->cases[i]) {
            look->cases[look->count++] = look->cases[i];
        }
    }
    return true;
}

/* A registration stands in no list of the desk's; nor does a party without a case, unless it cried. */
static bool is_visible(void *context, uint32_t index)
{
    const struct desk_look *look = context;
    const struct roll_record *r = &look->roll->records[index];
    if (r->kind == KIND_REGISTER || r->registration_id == ROLL_UNKNOWN) {
        return false;
    }
    const int64_t *found =
        bsearch(&r->registration_id, look->cases, look->count, sizeof(*look->cases), compare_numbers);
    return r->band != ROLL_NO_BAND || (found != NULL && look->seen[found - look->cases]);
}

static void show(struct verdict *verdict, int64_t registration_id, json_t *one)
{
    const char *receipt = json_string_value(json_object_get(one, "receipt"));
    const char *channel = json_string_value(json_object_get(one, "channel"));
    const char *via = json_string_value(json_object_get(one, "stored_via"));
    const char *status = json_string_value(json_object_get(one, "status"));
    struct verdict_check_in check_in = {
        .registration_id = registration_id,
        .status = slice_of(status),
        .band = (unsigned)json_integer_value(json_object_get(one, "band")),
        .people = (unsigned)json_integer_value(json_object_get(one, "people")),
        .sms = channel != NULL && strcmp(channel, "sms") == 0,
        .via_journal = via != NULL && strcmp(via, "journal") == 0,
    };
    if (receipt != NULL && uuid_parse(slice_of(receipt), &check_in.id) && exercise_is(&check_in.id) &&
        exercise_drill(&check_in.id) == verdict->roll->drill) {
        verdict_check_in(verdict, &check_in);
    }
}

/* False when the desk does not answer as it should. */
static bool ask(const struct target *target, const char *token, struct desk_look *look, size_t at,
                struct verdict *verdict, struct error *error)
{
    struct arena arena;
    char path[64], code[CASE_CODE_TEXT_SIZE + 1];
    unsigned status = 0;
    struct slice body;
    arena_init(&arena, DESK_ARENA_MAX);
    (void)snprintf(path, sizeof(path), "/api/v1/cases/%s/check-ins", case_code_format(look->cases[at], code).data);
    bool answered = target_get(target, &arena, path, token, &status, &body, error);
    if (answered && status != 200 && status != 404) {
        answered = error_set(error, ERROR_UNAVAILABLE, "drill.desk", "the desk answers %u: is the token an officer's?",
                             status);
    }
    if (answered && status == 200) {
        json_t *answer = json_loadb(body.data, body.length, 0, NULL);
        json_t *list = json_object_get(answer, "check_ins");
        look->seen[at] = json_array_size(list) < SHOWN_MOST; /* of more, only the newest are shown */
        for (size_t i = 0; i < json_array_size(list); i++) {
            show(verdict, look->cases[at], json_array_get(list, i));
        }
        json_decref(answer);
    }
    arena_release(&arena);
    return answered;
}

static bool look_through(const struct target *target, const char *token, struct desk_look *look,
                         struct verdict *verdict, struct error *error)
{
    bool terminal = isatty(STDERR_FILENO) == 1;
    bool good = true;
    for (size_t i = 0; i < look->count && good; i++) {
        good = ask(target, token, look, i, verdict, error);
        if (terminal && i % SAY_EVERY == 0) {
            (void)fprintf(stderr, "\r\033[Klooking at the desk: %zu of %zu parties", i, look->count);
        }
    }
    (void)fputs(terminal ? "\r\033[K" : "", stderr);
    return good;
}

bool drill_look_at_desk(struct cli *cli, const struct drill_look *look, struct roll *roll, bool ended,
                        struct verdict *verdict)
{
    struct error error = {.code = ERROR_NONE};
    struct target target;
    struct desk_look desk = {.roll = roll};
    char token[TOKEN_MAX];
    if (!cli_first_line(cli, look->token_file, token, sizeof(token))) {
        return false;
    }
    verdict_begin(verdict, roll, ended);
    bool good = target_init(&target, look->desk_url, drill_ca_file(cli), &error);
    if (good) {
        good = gather_cases(&desk) || error_set(&error, ERROR_NOMEM, "drill.desk", "out of memory");
        good = good && look_through(&target, token, &desk, verdict, &error);
        target_release(&target);
    }
    if (good) {
        verdict_end(verdict, is_visible, &desk);
    } else {
        (void)cli_fail(cli, &error);
    }
    free(desk.cases);
    free(desk.seen);
    return good;
}
