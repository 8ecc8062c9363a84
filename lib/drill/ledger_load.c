/* SPDX-License-Identifier: Apache-2.0
 * Reading a ledger back. */
#include <stdio.h>
#include <stdlib.h>

#include "core/case_code.h"
#include "domain/exercise.h"
#include "drill/ledger.h"

enum { WORDS_MAX = 8 };

struct line {
    struct slice words[WORDS_MAX];
    size_t count;
};

static void split(struct slice text, struct line *line)
{
    struct slice word;
    line->count = 0;
    while (line->count < WORDS_MAX && slice_split(&text, ' ', &word)) {
        line->words[line->count++] = word;
    }
}

static bool number(struct slice word, uint64_t most, uint64_t *value)
{
    return slice_to_u64(word, most, value);
}

/* "-" is none. */
static bool case_number(struct slice word, int64_t *registration_id)
{
    if (slice_equal(word, SLICE("-"))) {
        *registration_id = ROLL_UNKNOWN;
        return true;
    }
    return case_code_parse(word, registration_id) == CASE_CODE_OK;
}

static bool load_head(const struct line *line, struct roll *roll, struct ledger_head *head)
{
    uint32_t drill = 0;
    uint64_t seed = 0;
    if (line->count != 6 || !slice_equal(line->words[0], SLICE("DRILL")) || !slice_equal(line->words[1], SLICE("1")) ||
        !exercise_drill_parse(line->words[2], &drill) || !number(line->words[3], UINT64_MAX, &seed)) {
        return false;
    }
    (void)snprintf(head->crisis, sizeof(head->crisis), "%.*s", SLICE_ARGS(line->words[4]));
    (void)snprintf(head->started, sizeof(head->started), "%.*s", SLICE_ARGS(line->words[5]));
    return roll_init(roll, drill, seed, 0);
}

static bool load_sent(const struct line *line, struct roll *roll)
{
    static const char kinds[KIND_COUNT] = {'r', 'c', 't'};
    uint64_t index = 0, people = 0;
    unsigned status = ROLL_NO_STATUS;
    struct uuid id;
    int64_t registration_id = 0;
    if (line->count != 7 || !number(line->words[1], ROLL_RECORDS_MAX, &index) || index != roll->count ||
        line->words[2].length != 1 || !number(line->words[4], 255, &people) ||
        !case_number(line->words[5], &registration_id) || !uuid_parse(line->words[6], &id)) {
        return false;
    }
    if (!slice_equal(line->words[3], SLICE("-")) &&
        !vocabulary_find(&vocabulary_check_in_status, line->words[3], &status)) {
        return false;
    }
    struct roll_record *r = roll_add(roll);
    const char *kind = memchr(kinds, line->words[2].data[0], sizeof(kinds));
    if (r == NULL || kind == NULL || roll_find(roll, &id) != index) {
        return false;
    }
    r->kind = (uint8_t)(kind - kinds);
    r->status = (uint8_t)status;
    r->people = (uint8_t)people;
    r->registration_id = registration_id;
    return true;
}

static bool load_answered(const struct line *line, struct roll *roll)
{
    uint64_t index = 0, status = 0, band = 0;
    int64_t registration_id = 0;
    if (line->count != 6 || !number(line->words[1], ROLL_RECORDS_MAX, &index) || index >= roll->count ||
        !number(line->words[2], 999, &status) || !case_number(line->words[3], &registration_id) ||
        !(slice_equal(line->words[4], SLICE("-")) || number(line->words[4], 5, &band))) {
        return false;
    }
    struct roll_record *r = &roll->records[index];
    r->registration_id = registration_id;
    r->band = (uint8_t)band;
    r->state = ROLL_STORED;
    r->via_journal = status == 202;
    return true;
}

static bool load_odd(const struct line *line, struct roll *roll)
{
    uint64_t index = 0, status = 0;
    if (line->count != 3 || !number(line->words[1], ROLL_RECORDS_MAX, &index) || index >= roll->count ||
        !number(line->words[2], 999, &status)) {
        return false;
    }
    struct roll_record *r = &roll->records[index];
    if (r->state == ROLL_STORED) {
        r->flags |= ROLL_DIFFERENT;
    } else {
        r->state = ROLL_REFUSED;
        r->answer = (uint32_t)status;
    }
    return true;
}

static bool load_line(struct slice text, struct roll *roll, struct ledger_head *head)
{
    struct line line;
    split(text, &line);
    struct slice word = line.count > 0 ? line.words[0] : SLICE("");
    if (slice_equal(word, SLICE("S"))) {
        return load_sent(&line, roll);
    }
    if (slice_equal(word, SLICE("A"))) {
        return load_answered(&line, roll);
    }
    if (slice_equal(word, SLICE("X"))) {
        return load_odd(&line, roll);
    }
    head->ended = slice_equal(word, SLICE("END"));
    return head->ended;
}

bool ledger_load(const char *path, struct roll *roll, struct ledger_head *head, struct error *error)
{
    char text[512];
    struct line line;
    FILE *file = fopen(path, "re");
    *head = (struct ledger_head){.ended = false};
    *roll = (struct roll){0};
    if (file == NULL) {
        return error_set_errno(error, "drill.ledger", "cannot read the ledger %s", path);
    }
    bool good = true;
    unsigned long at = 0;
    while (good && fgets(text, sizeof(text), file) != NULL) {
        struct slice whole = slice_of(text);
        if (whole.length == 0 || whole.data[whole.length - 1] != '\n') {
            break; /* cut off by a kill */
        }
        whole = slice_sub(whole, 0, whole.length - 1);
        split(whole, &line);
        good = at == 0 ? load_head(&line, roll, head) : load_line(whole, roll, head);
        at++;
    }
    (void)fclose(file); /* only read from */
    if (!good || at == 0) {
        roll_release(roll);
        return error_set(error, ERROR_INVALID, "drill.ledger", "%s is no ledger of a drill (line %lu)", path, at);
    }
    return true;
}
