/* SPDX-License-Identifier: Apache-2.0
 * First those that came near the piece in question; when they are no whole, with all of a day that fit. */
#include "domain/sms_pieces.h"

#include "core/buffer.h"
#include "core/clock.h"

/* Of each number one piece: the first. */
struct tally {
    const struct sms_piece *first[SMS_PIECES_TOTAL_MAX + 1];
    unsigned numbers;
    bool contradicts; /* one number, two texts */
    int64_t oldest_us, newest_us;
};

static void count_in(struct tally *tally, const struct sms_piece *piece)
{
    const struct sms_piece **first = &tally->first[piece->number];
    if (*first == NULL) {
        *first = piece;
        tally->numbers++;
    } else if (!slice_equal((*first)->text, piece->text)) {
        tally->contradicts = true;
    }
    tally->oldest_us = piece->received_us < tally->oldest_us ? piece->received_us : tally->oldest_us;
    tally->newest_us = piece->received_us > tally->newest_us ? piece->received_us : tally->newest_us;
}

static bool is_within(const struct sms_piece *piece, int64_t middle_us, int64_t seconds)
{
    int64_t apart_us = piece->received_us - middle_us;
    return apart_us <= seconds * MICROSECONDS_A_SECOND && -apart_us <= seconds * MICROSECONDS_A_SECOND;
}

/* Takes those within `seconds` of the piece that is due. */
static void take_within(const struct sms_piece *pieces, size_t count, size_t due, int64_t seconds,
                        struct sms_pieces_plan *plan, struct tally *tally)
{
    int64_t middle_us = pieces[due].received_us;
    *tally = (struct tally){.oldest_us = middle_us, .newest_us = middle_us};
    for (size_t i = 0; i < count; i++) {
        plan->taken[i] = is_within(&pieces[i], middle_us, seconds);
        if (plan->taken[i]) {
            count_in(tally, &pieces[i]);
        }
    }
}

/* Something else came under the same reference within a day. */
static bool is_reused(const struct sms_piece *pieces, size_t count, size_t due, const struct tally *near)
{
    for (size_t i = 0; i < count; i++) {
        const struct sms_piece *first = near->first[pieces[i].number];
        if (is_within(&pieces[i], pieces[due].received_us, SMS_PIECES_APART_S) &&
            (first == NULL || !slice_equal(first->text, pieces[i].text))) {
            return true;
        }
    }
    return false;
}

void sms_pieces_plan(const struct sms_piece *pieces, size_t count, unsigned total, size_t due, int64_t now_us,
                     struct sms_pieces_plan *plan)
{
    struct tally near, day;
    *plan = (struct sms_pieces_plan){.fate = SMS_PIECES_LEAVE};
    take_within(pieces, count, due, SMS_PIECES_APART_S, plan, &day);
    take_within(pieces, count, due, SMS_PIECES_NEAR_S, plan, &near);
    if (near.contradicts) {
        return;
    }
    plan->whole = near.numbers == total;
    plan->sure = plan->whole && near.newest_us - near.oldest_us <= SMS_PIECES_NEAR_S * MICROSECONDS_A_SECOND &&
                 !is_reused(pieces, count, due, &near);
    if (!plan->whole && !day.contradicts) {
        take_within(pieces, count, due, SMS_PIECES_APART_S, plan, &near);
        plan->whole = near.numbers == total;
    }
    int64_t rest_us = (plan->whole ? SMS_PIECES_SETTLE_S : SMS_PIECES_MISSING_S) * MICROSECONDS_A_SECOND;
    plan->again_us = near.newest_us + rest_us;
    plan->fate = now_us >= plan->again_us ? SMS_PIECES_JOIN : SMS_PIECES_WAIT;
}

struct slice sms_pieces_text(const struct sms_piece *pieces, size_t count, unsigned total,
                             const struct sms_pieces_plan *plan, struct arena *arena)
{
    struct tally tally = {.numbers = 0};
    struct buffer text;
    for (size_t i = 0; i < count; i++) {
        if (plan->taken[i]) {
            count_in(&tally, &pieces[i]);
        }
    }
    buffer_init(&text, SMS_PIECES_TEXT_MAX);
    for (unsigned number = 1; number <= total; number++) {
        bool is_there = tally.first[number] != NULL, was_there = number == 1 || tally.first[number - 1] != NULL;
        if (is_there) {
            buffer_add_text(&text, was_there ? "" : " ");
            buffer_add_slice(&text, tally.first[number]->text);
        } else if (was_there) {
            buffer_add_text(&text, number == 1 ? SMS_PIECES_GAP : " " SMS_PIECES_GAP);
        }
    }
    struct slice copy = text.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

void sms_pieces_hold_back(struct sms_reading *reading)
{
    bool is_cry =
        reading->status == STATUS_NEED_HELP || reading->status == STATUS_INJURED || reading->status == STATUS_IN_DANGER;
    reading->has_status = reading->has_status && is_cry;
    reading->stop = false;
    reading->start = false;
    reading->left_over = true;
}
