/* SPDX-License-Identifier: Apache-2.0
 * What an answer means: kept, compared with an earlier one, or sent again. */
#include "core/clock.h"
#include "drill/player_state.h"

/* What is the same however often it is asked: of a registration its case and secret, of a check-in its receipt and band. */
static uint32_t hash_of(const struct roll_record *record, const struct reply *reply)
{
    uint32_t hash = UINT32_C(2166136261);
    switch ((enum scenario_kind)record->kind) {
    case KIND_REGISTER:
        hash = reply_hash(hash, reply_member(reply->body, SLICE("case")));
        return reply_hash(hash, reply_member(reply->body, SLICE("secret")));
    case KIND_CHECK_IN:
        hash = reply_hash(hash, reply_member(reply->body, SLICE("receipt")));
        return reply_hash(hash, reply_member(reply->body, SLICE("band")));
    case KIND_TEXT:
    case KIND_COUNT:
        break;
    }
    return hash; /* a reply's words may have learnt meanwhile who it is */
}

static enum tally_group group_of(const struct roll_record *record)
{
    switch ((enum scenario_kind)record->kind) {
    case KIND_REGISTER:
        return GROUP_REGISTRATION;
    case KIND_TEXT:
        return GROUP_TEXT;
    case KIND_CHECK_IN:
    case KIND_COUNT:
        break;
    }
    return record->band != ROLL_NO_BAND && record->band <= 3 ? GROUP_CRY : GROUP_ROUTINE;
}

/* False when the answer lacks what it must say. */
static bool read_answer(struct player *player, struct roll_record *record, const struct reply *reply)
{
    struct roll *roll = player->config->roll;
    uint64_t band = 0;
    struct slice said;
    switch ((enum scenario_kind)record->kind) {
    case KIND_REGISTER:
        record->registration_id = reply_case(reply_member(reply->body, SLICE("case")));
        roll_register(roll, record->party, record->registration_id, reply->status == 201);
        return record->registration_id != ROLL_UNKNOWN;
    case KIND_CHECK_IN:
        said = reply_member(reply->body, SLICE("band"));
        if (!slice_to_u64(said, 5, &band) && !slice_equal(said, SLICE("null"))) {
            return false;
        }
        record->band = (uint8_t)band;
        return true;
    case KIND_TEXT:
        if (record->registration_id == ROLL_UNKNOWN) {
            record->registration_id = reply_case(reply->body);
        }
        return true;
    case KIND_COUNT:
        break;
    }
    return false;
}

static bool is_stored(const struct roll_record *record, unsigned status)
{
    return record->kind == KIND_TEXT ? status == 200 : status == 201 || status == 202;
}

static void take_first(struct player *player, uint32_t index, const struct reply *reply)
{
    struct roll_record *record = &player->config->roll->records[index];
    if (!read_answer(player, record, reply)) {
        record->state = ROLL_REFUSED;
        record->answer = reply->status;
        player->tally->odd++;
        ledger_odd(player->config->ledger, index, reply->status);
        return;
    }
    record->state = ROLL_STORED;
    record->answer = hash_of(record, reply);
    record->via_journal = reply->status == 202;
    ledger_answered(player->config->ledger, player->config->roll, index, reply->status);
    if ((record->flags & ROLL_REPEAT) != 0) {
        record->flags &= (uint8_t)~ROLL_REPEAT;
        player->tally->duplicates += player_add_repeat(player, index); /* with no room it is one fewer */
    }
}

static void take_stored(struct player *player, const struct job *job, const struct reply *reply, int64_t now_us)
{
    struct roll_record *record = &player->config->roll->records[job->index];
    struct tally *tally = player->tally;
    if (reply->status == 202) {
        tally->journalled++;
    } else {
        tally->stored++;
    }
    if (record->state == ROLL_SENT) {
        take_first(player, job->index, reply);
    } else if (record->answer != hash_of(record, reply)) {
        tally->different++;
        record->flags |= ROLL_DIFFERENT;
        ledger_odd(player->config->ledger, job->index, reply->status);
    }
    tally_latency(tally, group_of(record), now_us - job->started_us);
}

void player_take_answer(struct player *player, const struct job *job, const struct reply *reply, int64_t now_us)
{
    struct roll_record *record = &player->config->roll->records[job->index];
    player->answered_us = now_us;
    if (is_stored(record, reply->status)) {
        take_stored(player, job, reply, now_us);
    } else if (reply->status == 429 || reply->status == 503) {
        player->tally->shed++;
        if (record->state == ROLL_SENT) {
            player_wait(player, job->index, reply->retry_after_s);
        }
    } else {
        player->tally->odd++;
        ledger_odd(player->config->ledger, job->index, reply->status);
        if (record->state == ROLL_SENT) {
            record->state = ROLL_REFUSED;
            record->answer = reply->status;
        } else {
            record->flags |= ROLL_DIFFERENT;
        }
    }
}
