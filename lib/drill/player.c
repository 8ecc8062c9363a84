/* SPDX-License-Identifier: Apache-2.0
 * The loop: connections, the clock of the phases, outages. */
#include "drill/player.h"

#include <openssl/x509.h>
#include <signal.h>
#include <stdlib.h>

#include "core/clock.h"
#include "drill/dice.h"
#include "drill/player_state.h"

enum { TICK_US = 5000, ANSWER_SECONDS = 35, HANDSHAKE_SECONDS = 10, REOPEN_MOST_US = 2000000, REACH_SECONDS = 10 };

const struct scenario_phase *player_phase(const struct player *player)
{
    const struct scenario *s = player->config->frame.scenario;
    unsigned phase = player->tally->phase;
    return &s->phases[phase < s->phase_count ? phase : s->phase_count - 1];
}

static void end(struct player *player)
{
    (void)event_base_loopbreak(player->base);
}

static void fail(struct player *player)
{
    player->failed = true;
    end(player);
}

static void send_job(struct player *player, struct slot *slot)
{
    size_t length = submission_write(&player->config->frame, slot->job.index, slot->wire.request);
    if (length == 0) {
        (void)error_set(player->error, ERROR_LIMIT, "drill.player", "a submission does not fit into %d bytes",
                        SUBMISSION_MAX);
        fail(player);
        return;
    }
    player->tally->requests++;
    player->tally->resent += slot->job.again;
    player->tally->in_flight++;
    slot->asked = true;
    slot->job.started_us = clock_monotonic(); /* how long the server takes, not how long a network was out */
    wire_send(&slot->wire, length);
}

/* A free connection: what it was asked before it was lost, else what is next. */
static void employ(struct player *player, struct slot *slot)
{
    if (slot->job.index != ROLL_NOBODY || player_next(player, &slot->job)) {
        send_job(player, slot);
    } else if (!slot->idle) {
        slot->idle = true;
        player->idle[player->idle_count++] = (unsigned)(slot - player->slots);
    }
}

/* Idle connections that were lost meanwhile are dropped from the list as they are met. */
static struct slot *take_idle(struct player *player)
{
    while (player->idle_count > 0) {
        struct slot *slot = &player->slots[player->idle[--player->idle_count]];
        slot->idle = false;
        if (slot->wire.state == WIRE_IDLE) {
            return slot;
        }
    }
    return NULL;
}

static void employ_idle(struct player *player)
{
    struct slot *slot;
    while ((slot = take_idle(player)) != NULL) {
        employ(player, slot);
        if (slot->idle) {
            return;
        }
    }
}

/* What was asked on a connection that is gone is asked again on the next. */
static void give_up_asking(struct player *player, struct slot *slot)
{
    player->tally->in_flight -= slot->asked;
    slot->asked = false;
    slot->job.again = slot->job.index != ROLL_NOBODY;
}

static void on_lost(struct player *player, struct slot *slot)
{
    int64_t pause_us = 50000;
    give_up_asking(player, slot);
    for (unsigned i = 0; i < slot->failures && pause_us < REOPEN_MOST_US; i++) {
        pause_us *= 2;
    }
    player->tally->lost++;
    slot->failures++;
    slot->rest_until_us = clock_monotonic() + pause_us;
    if (!player->opened && slot->wire.refusal != X509_V_OK) {
        (void)error_set(player->error, ERROR_UNAVAILABLE, "drill.player", "the server's certificate is not trusted: %s",
                        X509_verify_cert_error_string(slot->wire.refusal));
        fail(player);
    }
}

static void on_wire(void *context, struct wire *wire, enum wire_event event, const struct reply *reply)
{
    struct player *player = context;
    struct slot *slot = (struct slot *)(void *)wire; /* its first member */
    int64_t now_us;
    switch (event) {
    case WIRE_OPENED:
        player->opened = true;
        slot->failures = 0;
        employ(player, slot);
        return;
    case WIRE_ANSWERED:
        now_us = clock_monotonic();
        player->tally->in_flight--;
        slot->asked = false;
        player_take_answer(player, &slot->job, reply, now_us);
        slot->job = (struct job){.index = ROLL_NOBODY};
        if (!reply->closes) {
            employ(player, slot);
        }
        return;
    case WIRE_LOST:
        on_lost(player, slot);
        return;
    }
}

/* --- outages ------------------------------------------------------------------------------------------------------------ */
/* The end of the outage that lies on this moment, on clock_monotonic; 0: none. */
static int64_t outage_end(const struct player *player, int64_t now_us, double *share)
{
    const struct scenario_phase *phase = player_phase(player);
    double at = (double)(now_us - player->phase_us) / 1e6;
    for (size_t i = 0; i < phase->outage_count && !player->tally->draining; i++) {
        const struct scenario_outage *outage = &phase->outages[i];
        if (at >= outage->at && at < outage->at + outage->seconds) {
            *share = outage->share;
            return player->phase_us + (int64_t)((outage->at + outage->seconds) * 1e6);
        }
    }
    return 0;
}

/* The network goes away in the middle of something: who waits for an answer will not get it, who was about to say something gets out
 * half of it, or all. */
static void cut(struct player *player, struct slot *slot, int64_t until_us)
{
    unsigned which = (unsigned)(slot - player->slots);
    if (slot->wire.state == WIRE_IDLE && slot->job.index == ROLL_NOBODY && player_next(player, &slot->job)) {
        size_t length = submission_write(&player->config->frame, slot->job.index, slot->wire.request);
        bool half = dice_below(player->config->roll->seed, DICE_CUT, (uint64_t)until_us << 12 | which, 2) == 0;
        slot->job.started_us = clock_monotonic();
        player->tally->requests++;
        player->tally->in_flight++;
        slot->asked = true;
        wire_send(&slot->wire, half ? length / 2 : length);
    }
    player->tally->cut += slot->asked;
    give_up_asking(player, slot);
    wire_cut(&slot->wire);
    slot->rest_until_us = until_us;
}

static void look_at_outages(struct player *player, int64_t now_us)
{
    double share = 0;
    int64_t until_us = outage_end(player, now_us, &share);
    if (until_us != 0 && !player->tally->outage) {
        unsigned count = (unsigned)(share * player->config->connections + 0.5);
        for (unsigned i = 0; i < count && i < player->config->connections; i++) {
            cut(player, &player->slots[i], until_us);
        }
    }
    player->tally->outage = until_us != 0;
}

/* --- the clock ------------------------------------------------------------------------------------------------------------ */
static void drain(struct player *player)
{
    player->tally->draining = true;
    player->tally->phase = (unsigned)player->config->frame.scenario->phase_count;
}

/* What became due since the last tick, phase by phase. */
static void accrue(struct player *player, int64_t now_us)
{
    const struct scenario *s = player->config->frame.scenario;
    while (!player->tally->draining && player->ticked_us < now_us) {
        const struct scenario_phase *phase = player_phase(player);
        int64_t end_us = player->phase_us + (int64_t)(phase->seconds * 1e6);
        int64_t until_us = now_us < end_us ? now_us : end_us;
        double from = (double)(player->ticked_us - player->phase_us) / 1e6 / phase->seconds;
        double to = (double)(until_us - player->phase_us) / 1e6 / phase->seconds;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
            const struct scenario_rate *rate = &phase->rate[kind];
            double middle = rate->from + (rate->to - rate->from) * (from + to) / 2;
            player->due[kind] += middle * (to - from) * phase->seconds;
        }
        player->ticked_us = until_us;
        if (until_us == end_us) {
            player->phase_us = end_us;
            if (++player->tally->phase == s->phase_count) {
                drain(player);
            }
        }
    }
}

/* Nobody speaks to themselves for ever: what was asked long ago is asked again on a new connection. */
static void look_at_slots(struct player *player, int64_t now_us)
{
    for (unsigned i = 0; i < player->config->connections; i++) {
        struct slot *slot = &player->slots[i];
        if (slot->wire.state == WIRE_RESTING && slot->rest_until_us <= now_us) {
            slot->rest_until_us = wire_open(&slot->wire) ? now_us : now_us + MICROSECONDS_A_SECOND;
        } else if (slot->wire.state == WIRE_HANDSHAKING &&
                   slot->rest_until_us + HANDSHAKE_SECONDS * MICROSECONDS_A_SECOND < now_us) {
            wire_cut(&slot->wire);
            on_lost(player, slot);
        } else if (slot->wire.state == WIRE_BUSY &&
                   slot->job.started_us + ANSWER_SECONDS * MICROSECONDS_A_SECOND < now_us) {
            wire_cut(&slot->wire);
            on_lost(player, slot);
        }
    }
}

static bool is_done(const struct player *player)
{
    bool owed = player->repeat_count > 0 || player->waiting > 0 || player->tally->in_flight > 0;
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        owed = owed || player->due[kind] >= 1;
    }
    for (unsigned i = 0; i < player->config->connections && !owed; i++) {
        owed = player->slots[i].job.index != ROLL_NOBODY;
    }
    return player->tally->draining && !owed;
}

static void second(struct player *player, int64_t now_us)
{
    struct tally *tally = player->tally;
    tally->behind = 0;
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        tally->behind += player->due[kind];
    }
    tally->behind_most = tally->behind > tally->behind_most ? tally->behind : tally->behind_most;
    tally->elapsed_s = (double)(now_us - player->started_us) / 1e6;
    tally_sample(tally, (double)(now_us - player->sampled_us) / 1e6);
    player->sampled_us = now_us;
    if (!ledger_sync(player->config->ledger, player->error)) {
        fail(player);
        return;
    }
    if (player->config->on_second != NULL) {
        player->config->on_second(player->config->context, tally);
    }
    if (!player->opened && tally->elapsed_s > REACH_SECONDS) {
        (void)error_set(player->error, ERROR_UNAVAILABLE, "drill.player", "no connection to %s in %d s",
                        player->config->target->authority, REACH_SECONDS);
        fail(player);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct player *player = context;
    int64_t now_us = clock_monotonic();
    (void)fd;
    (void)what;
    accrue(player, now_us);
    player_turn_wheel(player, now_us);
    look_at_outages(player, now_us);
    look_at_slots(player, now_us);
    employ_idle(player);
    if (now_us - player->sampled_us >= MICROSECONDS_A_SECOND) {
        second(player, now_us);
    }
    bool silent =
        player->tally->draining && now_us - player->answered_us > PLAYER_DRAIN_SECONDS * MICROSECONDS_A_SECOND;
    if (is_done(player) || silent || player->stops > 1) {
        end(player);
    }
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
    struct player *player = context;
    (void)number;
    (void)what;
    player->stops++;
    memset(player->due, 0, sizeof(player->due));
    drain(player);
}

/* --- one drill -------------------------------------------------------------------------------------------------------------- */
static void count_unanswered(struct player *player)
{
    const struct roll *roll = player->config->roll;
    for (uint32_t i = 0; i < roll->count; i++) {
        player->tally->unanswered += roll->records[i].state == ROLL_SENT;
    }
}

static bool loop(struct player *player)
{
    const struct timeval tick = {.tv_usec = TICK_US};
    struct event *ticks = event_new(player->base, -1, EV_PERSIST, on_tick, player);
    struct event *interrupt = evsignal_new(player->base, SIGINT, on_signal, player);
    struct event *terminate = evsignal_new(player->base, SIGTERM, on_signal, player);
    bool made = ticks != NULL && interrupt != NULL && terminate != NULL && event_add(ticks, &tick) == 0 &&
                event_add(interrupt, NULL) == 0 && event_add(terminate, NULL) == 0;
    if (made) {
        (void)event_base_dispatch(player->base); /* left by end() */
        second(player, clock_monotonic());
    }
    struct event *all[] = {ticks, interrupt, terminate};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i] != NULL) {
            event_free(all[i]);
        }
    }
    return made || error_set(player->error, ERROR_NOMEM, "drill.player", "out of memory");
}

static bool prepare(struct player *player)
{
    unsigned connections = player->config->connections;
    player->base = event_base_new();
    player->slots = calloc(connections, sizeof(*player->slots));
    player->idle = calloc(connections, sizeof(*player->idle));
    if (player->base == NULL || player->slots == NULL || player->idle == NULL) {
        return error_set(player->error, ERROR_NOMEM, "drill.player", "out of memory");
    }
    for (unsigned i = 0; i < connections; i++) {
        wire_init(&player->slots[i].wire, player->base, player->config->target, on_wire, player);
        player->slots[i].job.index = ROLL_NOBODY;
    }
    for (unsigned i = 0; i < WHEEL_SECONDS; i++) {
        player->wheel[i] = ROLL_NOBODY;
    }
    player->again = ROLL_NOBODY;
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is counted, not fatal */
    return true;
}

bool player_run(const struct player_config *config, struct tally *tally, struct error *error)
{
    struct player *player = calloc(1, sizeof(*player));
    if (player == NULL) {
        return error_set(error, ERROR_NOMEM, "drill.player", "out of memory");
    }
    *player = (struct player){.config = config, .tally = tally, .error = error};
    tally->whole_s = scenario_seconds(config->frame.scenario);
    bool done = prepare(player);
    if (done) {
        player->started_us = player->ticked_us = player->sampled_us = clock_monotonic();
        player->answered_us = player->phase_us = player->started_us;
        done = loop(player) && !player->failed;
    }
    for (unsigned i = 0; player->slots != NULL && i < config->connections; i++) {
        wire_cut(&player->slots[i].wire);
    }
    count_unanswered(player);
    if (player->base != NULL) {
        event_base_free(player->base);
    }
    free(player->slots);
    free(player->idle);
    free(player);
    return done;
}
