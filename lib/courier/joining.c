/* SPDX-License-Identifier: Apache-2.0
 * Open, plan, put together, read, seal. */
#include "courier/joining.h"

#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "domain/check_in_triage.h"
#include "store/check_in_seal.h"
#include "store/derive.h"
#include "store/sealed_row.h"

enum { ARENA_MAX = 16 * 1024 * 1024, EPOCH_SECONDS = 600 };

/* The set in hand. `rows[0]` is the piece that is due. */
struct set {
    struct arena arena;
    struct piece_row *rows; /* those that are pieces, and behind them what was joined of them before */
    struct sms_piece *pieces;
    size_t count, rows_count;
    struct sms_pieces_plan plan;
};

void joining_means_release(struct joining_means *means)
{
    seal_epoch_free(means->epoch);
    sealed_epoch_drop(means->travels);
    means->epoch = NULL;
    means->travels = NULL;
}

/* A text may be empty: then nothing was sealed. */
static bool open_text(struct seal_opener *opener, const struct piece_row *row, struct arena *arena, struct slice *text)
{
    uint8_t id[SEALED_ROW_SIZE];
    struct seal_place place = {"check_in", "message", sealed_row_uuid(&row->key.client_id, id)};
    *text = SLICE("");
    return row->message.sealed.length == 0 || sealed_cell_open(opener, &row->message, &place, arena, text);
}

/* Those that are pieces, opened, in the rows' order; and behind them the others. */
static bool open_set(const struct joining_means *means, const PGresult *result, struct set *set)
{
    size_t rows = (size_t)PQntuples(result);
    set->rows = arena_array(&set->arena, rows, sizeof(set->rows[0]));
    set->pieces = arena_array(&set->arena, rows, sizeof(set->pieces[0]));
    for (size_t i = 0; i < 2 * rows && !set->arena.failed; i++) {
        struct piece_row row;
        bool wants_piece = i < rows;
        piece_row_read(result, (int)(i % rows), &row);
        if ((row.number > 0) != wants_piece) {
            continue;
        }
        set->rows[set->rows_count++] = row;
        if (wants_piece) {
            struct sms_piece *piece = &set->pieces[set->count++];
            *piece = (struct sms_piece){row.number, row.received_us, SLICE(""), row.joined};
            if (!open_text(means->opener, &row, &set->arena, &piece->text)) {
                return false;
            }
        }
    }
    return !set->arena.failed;
}

static bool is_epoch_good(const struct joining_means *means, struct slice crisis, int64_t now_us)
{
    int64_t age_us = now_us - means->opened_us;
    return means->epoch != NULL && means->travels != NULL && age_us >= 0 &&
           age_us < EPOCH_SECONDS * MICROSECONDS_A_SECOND && slice_equal(slice_of(means->travels->crisis), crisis);
}

/* The crisis is the one under which the pieces came: that of their gateway. */
static bool renew_epoch(struct joining_means *means, struct slice crisis)
{
    struct clock clock = clock_system();
    int64_t now_us = clock_now(&clock);
    char name[CRISIS_ID_SIZE] = "";
    if (is_epoch_good(means, crisis, now_us)) {
        return true;
    }
    joining_means_release(means);
    memcpy(name, crisis.data, crisis.length < sizeof(name) ? crisis.length : 0);
    means->opened_us = now_us;
    means->epoch = seal_epoch_new(means->recipients, means->recipient_count);
    means->travels = means->epoch != NULL ? sealed_epoch_new(means->epoch, name, now_us) : NULL;
    return means->travels != NULL;
}

/* All pieces came from there. A sender that is no number is kept as it stands. */
static bool read_sender(const struct joining_means *means, struct set *set, char e164[24])
{
    uint8_t id[SEALED_ROW_SIZE];
    struct slice sender;
    struct seal_place place = {"check_in", "sender", sealed_row_uuid(&set->rows[0].key.client_id, id)};
    if (!sealed_cell_open(means->opener, &set->rows[0].sender, &place, &set->arena, &sender) || sender.length >= 24) {
        return false;
    }
    memcpy(e164, sender.data, sender.length);
    e164[sender.length] = '\0';
    return true;
}

/* When the first and the last came, and the sender's clock where it tells. */
struct times {
    int64_t first_us, last_us;
};

static struct times read_times(const struct set *set, struct check_in *check_in)
{
    struct times times = {set->rows[0].received_us, set->rows[0].received_us};
    for (size_t i = 0; i < set->count; i++) {
        const struct piece_row *row = &set->rows[i];
        if (!set->plan.taken[i]) {
            continue;
        }
        times.first_us = row->received_us < times.first_us ? row->received_us : times.first_us;
        times.last_us = row->received_us > times.last_us ? row->received_us : times.last_us;
        if (row->has_at && (!check_in->has_at || row->at_us < check_in->at_us)) {
            check_in->has_at = true;
            check_in->at_us = row->at_us;
        }
    }
    return times;
}

/* What is joined with a gap is what its pieces have raised a case with, a quarter of an hour ago: an officer may have dealt with it. It raises one only
 * when it says more: something more urgent, or whose it is. */
static bool is_said_already(const struct set *set, const struct check_in_record *record)
{
    bool said = !set->plan.whole && record->band != BAND_NONE;
    bool named = !record->has_registration_id;
    unsigned band = BAND_COUNT;
    for (size_t i = 0; i < set->count; i++) {
        const struct piece_row *row = &set->rows[i];
        if (set->plan.taken[i] && row->band != BAND_NONE) {
            band = row->band < band ? row->band : band;
        }
        named = named || (set->plan.taken[i] && row->key.registration_id == record->registration_id);
    }
    return said && named && record->band >= band;
}

static struct check_in_record *make_record(struct joining_means *means, struct set *set, struct slice text)
{
    const struct piece_row *due = &set->rows[0];
    struct check_in check_in = {.has_client_id = true};
    struct sms_reading reading;
    struct tree *content = tree_new(&set->arena, TREE_OBJECT);
    sms_read(text, &reading);
    if (!set->plan.sure) {
        sms_pieces_hold_back(&reading);
    }
    check_in_of_sms(&check_in, &reading, text);
    struct times times = read_times(set, &check_in);
    if (content == NULL || !read_sender(means, set, check_in.e164) || !renew_epoch(means, due->crisis) ||
        !tree_add_text(&set->arena, content, SLICE("sms"), text) ||
        !tree_add_text(&set->arena, content, SLICE("from"), slice_of(check_in.e164)) ||
        !derive_joined_id(means->keys, (const uint8_t *)due->set.data, times.first_us, text, &due->key.client_id,
                          &check_in.client_id)) {
        return NULL;
    }
    const struct check_in_sealing with = {
        .keys = means->keys,
        .epoch = means->epoch,
        .travels = means->travels,
        .crisis = due->crisis,
        .language = slice_of(reading.language),
        .channel = CHANNEL_SMS,
        .received_us = times.last_us,
        .content = content,
        .verdict = check_in_triage(&due->policy, &check_in, &reading, times.last_us),
    };
    struct check_in_record *record = check_in_record_new(NULL);
    if (record == NULL || !check_in_seal(record, &check_in, &with)) {
        check_in_record_free(record);
        return NULL;
    }
    record->band = is_said_already(set, record) ? BAND_NONE : record->band;
    return record;
}

/* The one that is due, and those taken and not joined yet; and when they are joined anew, with what they were in, but never into itself. */
static void name_pieces(const struct set *set, struct joining *joining)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->plan.taken[i] && (joining->record != NULL || i == 0 || !set->pieces[i].joined)) {
            joining->pieces[joining->count++] = set->rows[i].key;
        }
    }
    for (size_t i = set->count; i < set->rows_count && joining->record != NULL; i++) {
        const struct piece_key *former = &set->rows[i].key;
        bool holds = false;
        for (size_t k = 0; k < set->count; k++) {
            holds = holds || (set->plan.taken[k] && set->rows[k].joined &&
                              uuid_equal(&set->rows[k].whole_id, &former->client_id));
        }
        if (holds && !uuid_equal(&joining->record->client_id, &former->client_id)) {
            joining->pieces[joining->count++] = *former;
        }
    }
}

/* It can be neither read nor joined: it stays as it is, which an officer sees. */
static void leave(const PGresult *rows, const char *why, struct joining *joining)
{
    struct piece_row due;
    piece_row_read(rows, 0, &due);
    *joining = (struct joining){.pieces = {due.key}, .count = 1};
    log_event(LOG_WARNING, "joiner.left", log_text("reason", why));
}

static bool work(struct joining_means *means, const PGresult *rows, struct set *set, struct joining *joining)
{
    if (!open_set(means, rows, set)) {
        leave(rows, "unreadable", joining);
        return !set->arena.failed;
    }
    sms_pieces_plan(set->pieces, set->count, set->rows[0].total, 0, set->rows[0].now_us, &set->plan);
    joining->again_us = set->plan.fate == SMS_PIECES_WAIT ? set->plan.again_us : 0;
    if (set->plan.fate == SMS_PIECES_JOIN) {
        struct slice text = sms_pieces_text(set->pieces, set->count, set->rows[0].total, &set->plan, &set->arena);
        joining->unsure = !set->plan.sure;
        joining->record = text.data != NULL ? make_record(means, set, text) : NULL;
        if (joining->record == NULL) {
            leave(rows, "not_joined", joining);
            return !set->arena.failed;
        }
    }
    name_pieces(set, joining);
    return true;
}

bool joining_make(struct joining_means *means, const PGresult *rows, struct joining *joining)
{
    struct set set = {.count = 0};
    *joining = (struct joining){.count = 0};
    if (PQntuples(rows) > SMS_PIECES_MAX) {
        leave(rows, "too_many", joining);
        return true;
    }
    arena_init(&set.arena, ARENA_MAX);
    bool made = work(means, rows, &set, joining);
    arena_release(&set.arena);
    return made;
}
