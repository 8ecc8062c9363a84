/* SPDX-License-Identifier: Apache-2.0
 * The steps of a broadcast, and the words that go to each party. */
#include "domain/broadcast.h"

#include "core/buffer.h"
#include "core/clock.h"

static const struct slice placeholder = SLICE_INIT("{case}");
static const struct slice sample_code = SLICE_INIT("K7M2Q-9QXD4"); /* all are as long, and of the default alphabet */

struct slice broadcast_fill_in(struct arena *arena, struct slice text, struct slice case_code)
{
    struct buffer out;
    size_t from = 0;
    bool found = false;
    buffer_init(&out, text.length * (case_code.length + 1) + 1);
    for (size_t i = 0; i + placeholder.length <= text.length; i++) {
        if (slice_equal(slice_sub(text, i, i + placeholder.length), placeholder)) {
            buffer_add_slice(&out, slice_sub(text, from, i));
            buffer_add_slice(&out, case_code);
            from = i + placeholder.length;
            i = from - 1;
            found = true;
        }
    }
    buffer_add_slice(&out, slice_sub(text, from, text.length));
    struct slice filled = text;
    if (found) {
        filled = out.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&out));
    }
    buffer_release(&out);
    return filled;
}

struct sms_size broadcast_size(struct arena *arena, struct slice text)
{
    struct slice filled = broadcast_fill_in(arena, text, sample_code);
    return sms_segment_count(filled.data != NULL ? filled : text);
}

static struct broadcast_next refuse(enum broadcast_refusal refusal, const struct broadcast_facts *facts)
{
    return (struct broadcast_next){.refusal = refusal, .state = facts->state};
}

static struct broadcast_next come_to(enum broadcast_state state)
{
    return (struct broadcast_next){.refusal = BROADCAST_OK, .state = state};
}

static struct broadcast_next send(const struct broadcast_facts *facts)
{
    int64_t age_us = facts->now_us - facts->counted_us;
    if (facts->state != BROADCAST_DRAFT) {
        return refuse(BROADCAST_NOT_NOW, facts);
    }
    if (!facts->by_author) {
        return refuse(BROADCAST_NOT_YOURS, facts);
    }
    if (!facts->has_gateway) {
        return refuse(BROADCAST_NO_GATEWAY, facts);
    }
    if (facts->counted_us == 0 || age_us > BROADCAST_COUNT_MINUTES * MICROSECONDS_A_MINUTE) {
        return refuse(BROADCAST_COUNT_OLD, facts);
    }
    if (facts->recipients == 0) {
        return refuse(BROADCAST_NOBODY, facts);
    }
    return come_to(facts->recipients > facts->approval_above ? BROADCAST_PROPOSED : BROADCAST_RUNNING);
}

static struct broadcast_next approve(const struct broadcast_facts *facts)
{
    if (facts->state != BROADCAST_PROPOSED) {
        return refuse(BROADCAST_NOT_NOW, facts);
    }
    if (facts->by_author) {
        return refuse(BROADCAST_NOT_BY_SELF, facts);
    }
    return facts->has_gateway ? come_to(BROADCAST_RUNNING) : refuse(BROADCAST_NO_GATEWAY, facts);
}

struct broadcast_next broadcast_step(enum broadcast_event event, const struct broadcast_facts *facts)
{
    bool ended = facts->state == BROADCAST_STOPPED || facts->state == BROADCAST_FINISHED;
    switch (event) {
    case BROADCAST_SEND:
        return send(facts);
    case BROADCAST_APPROVE:
        return approve(facts);
    case BROADCAST_STOP:
        break;
    }
    return ended ? refuse(BROADCAST_NOT_NOW, facts) : come_to(BROADCAST_STOPPED);
}

static const struct slice state_names[BROADCAST_STATE_COUNT] = {
    [BROADCAST_DRAFT] = SLICE_INIT("draft"),       [BROADCAST_PROPOSED] = SLICE_INIT("proposed"),
    [BROADCAST_RUNNING] = SLICE_INIT("running"),   [BROADCAST_STOPPED] = SLICE_INIT("stopped"),
    [BROADCAST_FINISHED] = SLICE_INIT("finished"),
};

struct slice broadcast_state_name(enum broadcast_state state)
{
    return state < BROADCAST_STATE_COUNT ? state_names[state] : SLICE("");
}

bool broadcast_state_find(struct slice name, enum broadcast_state *state)
{
    for (unsigned i = 0; i < BROADCAST_STATE_COUNT; i++) {
        if (slice_equal(state_names[i], name)) {
            *state = (enum broadcast_state)i;
            return true;
        }
    }
    return false;
}
