/* SPDX-License-Identifier: Apache-2.0
 * POST /api/v1/cases/{case}/{claim,release,resolve,reopen,notes,messages,waiting,transfer,escalate}: one conditional statement each; when it changes nothing, one look
 * tells why.
 *
 *   BEGIN --body read, note sealed--> ACT --changed--> answered
 *                                       \--not--> EXPLAIN --> 404, 409, 412
 */
#include "desk/body.h"
#include "desk/case_view.h"
#include "desk/etag.h"
#include "desk/handlers.h"
#include "domain/case_state.h"
#include "domain/registration.h"
#include "domain/sms_segment.h"
#include "store/sealed_row.h"

enum { TIME_TEXT_CHARACTERS = 40, WORD_MAX_CHARACTERS = 64, WAITING_MAX_DAYS = 31 };
enum action_step { ACTION_BEGIN, ACTION_ACT, ACTION_EXPLAIN };

struct said {
    struct slice text;
    struct body_number contact;    /* whom the text goes to: this contact */
    struct body_uuid in_answer_to; /* or whoever sent this check-in */
    struct slice until, on;        /* it waits until then, on the citizen or a partner */
    struct slice post, to;         /* it is passed to that post, or to that member of staff */
};

struct case_action {
    struct desk_call call;
    enum action_step step;
    const struct action *action;
    struct case_change change;
    struct said said;
    struct uuid key; /* of the request; a random one when it names none */
    struct sealed_note note;
    int64_t until_us;
    bool has_note; /* or a text to the party, which is sealed alike */
};

struct action {
    struct slice name; /* in the path */
    enum pg_statement statement;
    void (*encode)(struct pg_params *params, const struct case_action *action);
    const struct body_member *members; /* NULL: none */
    size_t member_count;
    unsigned status;
    enum case_event event; /* CASE_EVENTS: the case stays as it is */
    const char *table;     /* what is said is sealed as its column "text" */
    const char
        *in_vain; /* why nothing was changed, when neither version nor holder is the reason; NULL: as the status says */
};

/* Where the officer wants a text to go; nothing given: where the register finds best. */
static struct case_way way_of(const struct case_action *action)
{
    const struct said *said = &action->said;
    return (struct case_way){
        .to_contact = said->contact.given,
        .contact = (unsigned)said->contact.value,
        .to_check_in = said->in_answer_to.given,
        .check_in_id = said->in_answer_to.id,
    };
}

static void encode_claim(struct pg_params *params, const struct case_action *action)
{
    case_claim_params(params, &action->change, false);
}

static void encode_release(struct pg_params *params, const struct case_action *action)
{
    case_release_params(params, &action->change);
}

static void encode_resolve(struct pg_params *params, const struct case_action *action)
{
    case_resolve_params(params, &action->change, action->has_note ? &action->note : NULL);
}

static void encode_reopen(struct pg_params *params, const struct case_action *action)
{
    case_reopen_params(params, &action->change);
}

static void encode_note(struct pg_params *params, const struct case_action *action)
{
    case_note_params(params, &action->change, &action->note);
}

static void encode_message(struct pg_params *params, const struct case_action *action)
{
    const struct case_way way = way_of(action);
    case_text_params(params, &action->change, &action->note, &way);
}

static void encode_wait(struct pg_params *params, const struct case_action *action)
{
    case_wait_params(params, &action->change, action->until_us, action->said.on,
                     action->has_note ? &action->note : NULL);
}

static void encode_pass(struct pg_params *params, const struct case_action *action)
{
    case_pass_params(params, &action->change, action->said.post, action->said.to, &action->note);
}

static const struct body_member note_members[] = {
    {SLICE_INIT("text"), offsetof(struct said, text), NOTE_MAX_CHARACTERS, true, BODY_TEXT},
};
static const struct body_member message_members[] = {
    {SLICE_INIT("text"), offsetof(struct said, text), TEXT_MAX_CHARACTERS, true, BODY_TEXT},
    {SLICE_INIT("contact"), offsetof(struct said, contact), INT16_MAX, false, BODY_NUMBER},
    {SLICE_INIT("in_answer_to"), offsetof(struct said, in_answer_to), 0, false, BODY_UUID},
};
static const struct body_member resolve_members[] = {
    {SLICE_INIT("note"), offsetof(struct said, text), NOTE_MAX_CHARACTERS, false, BODY_TEXT},
};
static const struct body_member waiting_members[] = {
    {SLICE_INIT("until"), offsetof(struct said, until), TIME_TEXT_CHARACTERS, true, BODY_TEXT},
    {SLICE_INIT("on"), offsetof(struct said, on), WORD_MAX_CHARACTERS, true, BODY_TEXT},
    {SLICE_INIT("note"), offsetof(struct said, text), NOTE_MAX_CHARACTERS, false, BODY_TEXT},
};
static const struct body_member transfer_members[] = {
    {SLICE_INIT("post"), offsetof(struct said, post), WORD_MAX_CHARACTERS, false, BODY_TEXT},
    {SLICE_INIT("to"), offsetof(struct said, to), WORD_MAX_CHARACTERS, false, BODY_TEXT},
    {SLICE_INIT("note"), offsetof(struct said, text), NOTE_MAX_CHARACTERS, true, BODY_TEXT},
};
static const struct body_member escalate_members[] = {
    {SLICE_INIT("note"), offsetof(struct said, text), NOTE_MAX_CHARACTERS, true, BODY_TEXT},
};

static const struct action actions[] = {
    {SLICE_INIT("claim"), PG_CASE_CLAIM, encode_claim, NULL, 0, 200, CASE_CLAIM, NULL, NULL},
    {SLICE_INIT("release"), PG_CASE_RELEASE, encode_release, NULL, 0, 200, CASE_RELEASE, NULL, NULL},
    {SLICE_INIT("resolve"), PG_CASE_RESOLVE, encode_resolve, resolve_members, 1, 200, CASE_RESOLVE, "case_note", NULL},
    {SLICE_INIT("reopen"), PG_CASE_REOPEN, encode_reopen, NULL, 0, 200, CASE_REOPEN, NULL, NULL},
    {SLICE_INIT("notes"), PG_NOTE_ADD, encode_note, note_members, 1, 201, CASE_EVENTS, "case_note", NULL},
    {SLICE_INIT("messages"), PG_MESSAGE_ADD, encode_message, message_members, 3, 201, CASE_EVENTS, "message",
     "problem.no_way_to_text.detail"},
    {SLICE_INIT("waiting"), PG_CASE_WAIT, encode_wait, waiting_members, 3, 200, CASE_WAIT, "case_note", NULL},
    {SLICE_INIT("transfer"), PG_CASE_PASS, encode_pass, transfer_members, 3, 200, CASE_PASS_TO_POST, "case_note", NULL},
    {SLICE_INIT("escalate"), PG_CASE_PASS, encode_pass, escalate_members, 1, 200, CASE_PASS_TO_POST, "case_note", NULL},
};

/* A transfer goes to a post or to a person, as it says. */
static enum case_event event_of(const struct case_action *action)
{
    return action->said.to.length > 0 ? CASE_PASS_TO_PERSON : action->action->event;
}

/* How the case stands then, whichever way it stood: by whoever could do it. */
static struct slice state_after(enum case_event event)
{
    const struct case_standing in_work = {CASE_CLAIMED, CASE_HELD_BY_CALLER, true};
    const struct case_standing resolved = {CASE_RESOLVED, CASE_HELD_BY_CALLER, true};
    struct case_next next = case_step(event, &in_work);
    next = next.refusal == CASE_MAY ? next : case_step(event, &resolved);
    return vocabulary_name(&vocabulary_case_state, next.state);
}

static const struct action *find_action(struct slice name)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (slice_equal(actions[i].name, name)) {
            return &actions[i];
        }
    }
    return NULL;
}

static bool seal_note(struct case_action *action)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct note_epoch *notes = &action->call.desk->notes;
    struct seal_epoch *keys = note_epoch_current(notes);
    if (keys == NULL) {
        return false;
    }
    /* said again with the same key, as contract.md has it, a text is one; a note is another each time, and none is lost */
    struct uuid id = action->action->statement == PG_MESSAGE_ADD ? action->key : uuid_random();
    action->note = (struct sealed_note){.id = id, .epoch = keys, .epoch_opened_us = notes->opened_us};
    struct seal_place place = {action->action->table, "text", sealed_row_uuid(&action->note.id, row)};
    action->note.text = seal_field(keys, action->call.arena, &place, action->said.text);
    action->has_note = action->note.text.data != NULL;
    return action->has_note;
}

/* A text longer than that costs more than it tells, and gateways cut it; and it goes to one number. */
static void check_message(const struct case_action *action, struct field_errors *errors)
{
    if (action->action->statement != PG_MESSAGE_ADD || errors->count > 0) {
        return;
    }
    if (sms_segment_count(action->said.text).segments > TEXT_SEGMENTS_MAX) {
        field_error_add_limit(errors, FIELD_TOO_LONG, TEXT_UNUSUAL_MAX_CHARACTERS, "text");
    }
    if (action->said.contact.given && action->said.in_answer_to.given) {
        field_error_add(errors, FIELD_EITHER_OR, "in_answer_to");
    }
}

/* A month at most: what waits longer is forgotten. */
static void check_waiting(struct case_action *action, struct field_errors *errors)
{
    int64_t now_us = clock_now(&action->call.desk->clock);
    if (action->action->statement != PG_CASE_WAIT || errors->count > 0) {
        return;
    }
    if (!time_parse(action->said.until, &action->until_us)) {
        field_error_add(errors, FIELD_NOT_A_TIME, "until");
    } else if (action->until_us <= now_us || action->until_us > now_us + WAITING_MAX_DAYS * MICROSECONDS_A_DAY) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "until");
    }
    if (!slice_equal(action->said.on, SLICE("citizen")) && !slice_equal(action->said.on, SLICE("partner"))) {
        field_error_add(errors, FIELD_NOT_A_VALUE, "on");
    }
}

static void check_transfer(const struct case_action *action, struct field_errors *errors)
{
    if (action->action->members == transfer_members && errors->count == 0 &&
        (action->said.post.length > 0) == (action->said.to.length > 0)) {
        field_error_add(errors, FIELD_EITHER_OR, "to");
    }
}

static bool read_body(struct case_action *action)
{
    static const struct {
        unsigned status;
        const char *detail_key;
    } refusals[] = {
        [BODY_NOT_JSON] = {400, "problem.not_json.detail"},
        [BODY_NOT_A_FORM] = {400, NULL},
        [BODY_WRONG_TYPE] = {415, NULL},
        [BODY_NO_MEMORY] = {503, NULL},
    };
    struct desk_call *call = &action->call;
    struct field_errors errors = {.count = 0};
    enum body_reading reading = body_read_json(call->request, call->arena, action->action->members,
                                               action->action->member_count, &action->said, &errors);
    if (reading == BODY_OK) {
        check_message(action, &errors);
        check_waiting(action, &errors);
        check_transfer(action, &errors);
        reading = errors.count > 0 ? BODY_FAULTS : BODY_OK;
    }
    if (reading == BODY_FAULTS) {
        desk_refuse_fields(call, 422, &errors);
    } else if (reading != BODY_OK) {
        desk_refuse(call, refusals[reading].status, refusals[reading].detail_key);
    }
    return reading == BODY_OK;
}

static void begin(struct case_action *action)
{
    struct desk_call *call = &action->call;
    struct case_change *change = &action->change;
    struct pg_params params;
    action->action = find_action(call->request->parameters[1]);
    if (action->action == NULL) {
        desk_refuse(call, 404, NULL);
        return;
    }
    action->key = uuid_random();
    if (!case_view_parse(call, &change->registration_id) || !desk_call_key(call, &action->key) || !read_body(action)) {
        return; /* answered */
    }
    if (action->said.text.length > 0 && !seal_note(action)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    change->staff_id = call->who.staff_id;
    change->origin = call->origin;
    change->for_others = desk_call_may(call, RIGHT_OVERRULE);
    change->has_version = etag_if_match(http_request_header(call->request, SLICE("If-Match")), &change->version);
    action->step = ACTION_ACT;
    pg_params_init(&params);
    action->action->encode(&params, action);
    desk_call_query(call, action->action->statement, &params);
}

static void explain(struct case_action *action)
{
    const struct case_way way = way_of(action);
    struct pg_params params;
    action->step = ACTION_EXPLAIN;
    pg_params_init(&params);
    case_state_params(&params, action->change.registration_id, &way, action->action->statement == PG_MESSAGE_ADD);
    desk_call_query(&action->call, PG_CASE_STATE, &params);
}

/* There is no such post or person, or none who works the case's post; or no post above. */
static void refuse_taker(struct case_action *action)
{
    struct field_errors errors = {.count = 0};
    if (action->action->members == escalate_members) {
        desk_refuse(&action->call, 409, "problem.no_post_above.detail");
        return;
    }
    field_error_add(&errors, FIELD_NOT_A_VALUE, "%s", action->said.to.length > 0 ? "to" : "post");
    desk_refuse_fields(&action->call, 422, &errors);
}

static void on_acted(struct case_action *action, const PGresult *rows)
{
    struct render *render = &action->call.answer;
    char etag[ETAG_SIZE];
    int64_t version = 0;
    if (!case_change_read(rows, &version)) {
        explain(action);
        return;
    }
    if (version == 0 && action->action->statement == PG_CASE_PASS) {
        refuse_taker(action);
        return;
    }
    live_poke(action->call.desk->live);
    render_begin(render);
    render_set(render, render->root, "case", render_case_code(action->change.registration_id));
    render_set(render, render->root, "version", json_integer(version));
    if (action->has_note) {
        char id[UUID_TEXT_SIZE + 1];
        render_set(render, render->root, "id", render_slice(uuid_format(&action->note.id, id)));
    }
    if (action->action->event != CASE_EVENTS) {
        render_set(render, render->root, "state", render_slice(state_after(event_of(action))));
    }
    struct http_header header = {SLICE("ETag"), etag_format(version, etag)};
    desk_respond_json(&action->call, action->action->status, &header,
                      version > 0 ? 1 : 0); /* 0: a note or a text to a party without a case */
}

/* The number that was chosen is none of this party's. */
static void refuse_way(struct case_action *action)
{
    struct field_errors errors = {.count = 0};
    field_error_add(&errors, FIELD_NOT_A_VALUE, "%s", action->said.contact.given ? "contact" : "in_answer_to");
    desk_refuse_fields(&action->call, 422, &errors);
}

/* Why not, by the rules; what moved in between may have moved back, and then the state is the reason given. */
static bool is_held_by_another(const struct case_action *action, const struct case_state_row *row)
{
    unsigned state = CASE_OPEN;
    (void)vocabulary_find(&vocabulary_case_state, row->state, &state); /* CHECKed */
    const struct case_standing standing = {
        (enum case_state)state,
        row->holder_id == 0                         ? CASE_HELD_BY_NOBODY
        : row->holder_id == action->change.staff_id ? CASE_HELD_BY_CALLER
                                                    : CASE_HELD_BY_OTHER,
        action->change.for_others,
    };
    return action->action->event != CASE_EVENTS &&
           case_step(event_of(action), &standing).refusal == CASE_HELD_BY_ANOTHER;
}

static void on_explained(struct case_action *action, const PGresult *rows)
{
    struct desk_call *call = &action->call;
    const struct case_change *change = &action->change;
    struct case_state_row state;
    if (!case_state_read(rows, &state)) {
        desk_refuse(call, 404, NULL);
    } else if (state.is_merged) {
        desk_refuse(call, 409, "problem.merged.detail");
    } else if (change->has_version && state.version != change->version) {
        desk_refuse(call, 412, "problem.conflict.detail");
    } else if (is_held_by_another(action, &state)) {
        desk_refuse(call, 412, "problem.not_yours.detail");
    } else if (!state.has_way) {
        refuse_way(action);
    } else {
        desk_refuse(call, 409, action->action->in_vain);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct case_action *action = (struct case_action *)call;
    switch (action->step) {
    case ACTION_BEGIN:
        begin(action);
        break;
    case ACTION_ACT:
        on_acted(action, rows);
        break;
    case ACTION_EXPLAIN:
        on_explained(action, rows);
        break;
    }
}

void desk_case_action(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_WORK, .size = sizeof(struct case_action), .step = step};
    desk_call_start(exchange, role, &capability);
}
