/* SPDX-License-Identifier: Apache-2.0
 * What is sent next, and by whom. */
#include "core/clock.h"
#include "drill/dice.h"
#include "drill/player_state.h"

enum { TRIES = 16, EARLIER_SECONDS = 300, LATE_HOURS = 20 };

static uint64_t seed_of(const struct player *player)
{
    return player->config->roll->seed;
}

static uint32_t now_s(void)
{
    struct clock clock = clock_system();
    return (uint32_t)(clock_now(&clock) / MICROSECONDS_A_SECOND);
}

bool player_add_repeat(struct player *player, uint32_t index)
{
    if (player->repeat_count == REPEATS_MAX) {
        return false;
    }
    player->repeats[(player->repeat_first + player->repeat_count++) % REPEATS_MAX] = index;
    return true;
}

void player_wait(struct player *player, uint32_t index, unsigned seconds)
{
    struct roll_record *record = &player->config->roll->records[index];
    if ((record->flags & ROLL_WAITS) != 0) {
        return; /* it is to be sent already */
    }
    seconds = seconds < 1 ? 1 : seconds >= WHEEL_SECONDS ? WHEEL_SECONDS - 1 : seconds;
    uint32_t *list = &player->wheel[(player->wheel_second + seconds) % WHEEL_SECONDS];
    record->flags |= ROLL_WAITS;
    record->next = *list;
    *list = index;
    player->waiting++;
}

void player_turn_wheel(struct player *player, int64_t now_us)
{
    int64_t second = (now_us - player->started_us) / MICROSECONDS_A_SECOND;
    for (; player->wheel_second <= second; player->wheel_second++) {
        uint32_t *list = &player->wheel[player->wheel_second % WHEEL_SECONDS];
        while (*list != ROLL_NOBODY) {
            struct roll_record *record = &player->config->roll->records[*list];
            uint32_t index = *list;
            *list = record->next;
            record->next = player->again;
            player->again = index;
        }
    }
}

/* A party that was answered; ROLL_NOBODY when luck finds none. With `phone`, one that gave a number and is committed: a text that is
 * replayed before its party's registration is a stranger's, and rightly so. */
static uint32_t pick_party(struct player *player, uint32_t index, bool phone)
{
    const struct roll *roll = player->config->roll;
    for (uint32_t i = 0; i < TRIES && roll->parties > 0; i++) {
        uint32_t party = dice_below(seed_of(player), DICE_PARTY, (uint64_t)index << 8 | i, roll->parties);
        if (roll->registered[party] != ROLL_UNKNOWN &&
            (!phone || (roll_is_committed(roll, party) &&
                        submission_has_phone(player->config->frame.scenario, roll->seed, party)))) {
            return party;
        }
    }
    return ROLL_NOBODY;
}

static void begin(struct player *player, uint32_t index)
{
    const struct scenario_phase *phase = player_phase(player);
    struct roll *roll = player->config->roll;
    struct roll_record *record = &roll->records[index];
    player->tally->begun[record->kind]++;
    ledger_sent(player->config->ledger, roll, index);
    if (dice_unit(roll->seed, DICE_DUPLICATE, index) < phase->duplicates) {
        bool now = dice_below(roll->seed, DICE_CONCURRENT, index, 2) == 0;
        if (now && player_add_repeat(player, index)) {
            player->tally->duplicates++;
        } else {
            record->flags |= ROLL_REPEAT;
        }
    }
}

static uint32_t begin_registration(struct player *player)
{
    struct roll *roll = player->config->roll;
    const struct scenario *s = player->config->frame.scenario;
    if (roll->parties >= roll->party_max) {
        return ROLL_NOBODY; /* all of the population is there */
    }
    struct roll_record *record = roll_add(roll);
    if (record == NULL) {
        return ROLL_NOBODY;
    }
    size_t household = scenario_pick(s->households, s->household_count, sizeof(*s->households),
                                     dice_unit(roll->seed, DICE_HOUSEHOLD, roll->parties));
    record->kind = KIND_REGISTER;
    record->party = roll->parties++;
    record->item = (uint8_t)household;
    record->people = (uint8_t)s->households[household].people;
    record->status = ROLL_NO_STATUS;
    begin(player, roll->count - 1);
    return roll->count - 1;
}

/* Who says it: a party or a stranger. False when nobody is registered yet. */
static bool pick_sender(struct player *player, bool phone, struct roll_record *record)
{
    const struct roll *roll = player->config->roll;
    uint32_t index = roll->count;
    if (dice_unit(roll->seed, DICE_STRANGER, index) < player_phase(player)->strangers) {
        record->flags |= ROLL_STRANGER;
        record->party = player->strangers++;
        return true;
    }
    record->party = pick_party(player, index, phone);
    if (record->party != ROLL_NOBODY) {
        record->registration_id = roll->registered[record->party];
    }
    return record->party != ROLL_NOBODY;
}

static uint32_t add_record(struct player *player, const struct roll_record *made)
{
    struct roll_record *record = roll_add(player->config->roll);
    if (record == NULL) {
        return ROLL_NOBODY;
    }
    *record = *made;
    begin(player, player->config->roll->count - 1);
    return player->config->roll->count - 1;
}

static struct roll_record make_check_in(const struct player *player, const struct roll_record *sender, uint32_t index)
{
    const struct scenario *s = player->config->frame.scenario;
    struct roll_record made = *sender;
    size_t item =
        scenario_pick(s->reports, s->report_count, sizeof(*s->reports), dice_unit(seed_of(player), DICE_REPORT, index));
    made.kind = KIND_CHECK_IN;
    made.item = (uint8_t)item;
    made.status = (uint8_t)s->reports[item].status;
    made.people = (uint8_t)(1 + dice_below(seed_of(player), DICE_NAME, index, 4));
    made.at_s = now_s();
    return made;
}

static uint32_t begin_check_in(struct player *player)
{
    const struct scenario_phase *phase = player_phase(player);
    uint32_t index = player->config->roll->count;
    struct roll_record sender = {.registration_id = ROLL_UNKNOWN, .next = ROLL_NOBODY};
    if (!pick_sender(player, false, &sender)) {
        return ROLL_NOBODY;
    }
    struct roll_record made = make_check_in(player, &sender, index);
    if (dice_unit(seed_of(player), DICE_LATE, index) < phase->late) {
        made.flags |= ROLL_LATE;
        made.at_s -= 3600 * (1 + dice_below(seed_of(player), DICE_LATENESS, index, LATE_HOURS));
        player->tally->late++;
    }
    bool reordered = dice_unit(seed_of(player), DICE_REORDERED, index) < phase->reordered;
    if (!reordered) {
        return add_record(player, &made);
    }
    struct roll_record later = make_check_in(player, &sender, index + 1);
    made.at_s = later.at_s - EARLIER_SECONDS;
    uint32_t first = add_record(player, &made);
    uint32_t second = first != ROLL_NOBODY ? add_record(player, &later) : ROLL_NOBODY;
    if (second == ROLL_NOBODY || !player_add_repeat(player, first)) {
        return first; /* in order after all */
    }
    player->tally->reordered++;
    return second;
}

static uint32_t begin_text(struct player *player)
{
    const struct scenario *s = player->config->frame.scenario;
    uint32_t index = player->config->roll->count;
    struct roll_record made = {.registration_id = ROLL_UNKNOWN, .next = ROLL_NOBODY, .kind = KIND_TEXT};
    if (!pick_sender(player, true, &made)) {
        return ROLL_NOBODY;
    }
    size_t item =
        scenario_pick(s->texts, s->text_count, sizeof(*s->texts), dice_unit(seed_of(player), DICE_REPORT, index));
    made.item = (uint8_t)item;
    made.status = s->texts[item].has_status ? (uint8_t)s->texts[item].status : ROLL_NO_STATUS;
    made.at_s = now_s();
    return add_record(player, &made);
}

/* The kind that has waited longest for its turn; what nobody can do now is passed over, not saved up. */
static uint32_t begin_due(struct player *player)
{
    static uint32_t (*const begin_kind[KIND_COUNT])(struct player *) = {begin_registration, begin_check_in, begin_text};
    for (unsigned tries = 0; tries < 3 * KIND_COUNT; tries++) {
        unsigned most = 0;
        for (unsigned kind = 1; kind < KIND_COUNT; kind++) {
            most = player->due[kind] > player->due[most] ? kind : most;
        }
        if (player->due[most] < 1) {
            return ROLL_NOBODY;
        }
        player->due[most] -= 1;
        uint32_t index = ROLL_NOBODY;
        if (most == KIND_TEXT && player->config->frame.gateway.length == 0) {
            player->tally->left_out++;
        } else {
            index = begin_kind[most](player);
        }
        if (index != ROLL_NOBODY) {
            return index;
        }
    }
    return ROLL_NOBODY;
}

bool player_next(struct player *player, struct job *job)
{
    struct roll *roll = player->config->roll;
    *job = (struct job){.index = ROLL_NOBODY};
    if (player->repeat_count > 0) {
        job->index = player->repeats[player->repeat_first];
        player->repeat_first = (player->repeat_first + 1) % REPEATS_MAX;
        player->repeat_count--;
    } else if (player->again != ROLL_NOBODY) {
        job->index = player->again;
        player->again = roll->records[job->index].next;
        roll->records[job->index].flags &= (uint8_t)~ROLL_WAITS;
        player->waiting--;
    } else {
        job->index = begin_due(player);
    }
    return job->index != ROLL_NOBODY;
}
