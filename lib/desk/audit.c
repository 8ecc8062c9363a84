/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/audit: who did what, newest first, for a lead of the crisis and, without the cases, for an admin. As JSON, JSON lines or CSV.
 *
 *   PAGE --what they may read--> RECORD --this look is on record, too--> answered
 */
#include <stdio.h>

#include "core/case_code.h"
#include "core/json_text.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "domain/field_error.h"
#include "net/form.h"
#include "store/audit.h"

enum {
    LIMIT_DEFAULT = 100,
    LIMIT_MAX = 1000,
    USER_MAX = 63,
    ACTION_MAX = 40,
    ANSWER_MAX = 1024 * 1024,
    NAME_SHOWN = 40
};

enum audit_step { AUDIT_PAGE, AUDIT_RECORD };
enum audit_form { AUDIT_JSON, AUDIT_LINES, AUDIT_CSV };

struct audit_call {
    struct desk_call call;
    enum audit_step step;
    struct audit_query query;
    enum audit_form form;
    struct slice asked_code; /* as the address has it */
    struct slice body, next;
};

static bool parse_case(struct slice value, struct audit_call *audit)
{
    audit->asked_code = value;
    audit->query.has_case = case_code_parse(value, &audit->query.registration_id) == CASE_CODE_OK;
    return audit->query.has_case;
}

/* Of names, actions and nothing else: they go back into an address as they are. */
static bool is_word(struct slice value, size_t most)
{
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')) {
            return false;
        }
    }
    return value.length <= most;
}

static bool parse_user(struct slice value, struct audit_call *audit)
{
    audit->query.user = value;
    return is_word(value, USER_MAX);
}

static bool parse_action(struct slice value, struct audit_call *audit)
{
    audit->query.action = value;
    return is_word(value, ACTION_MAX);
}

static bool parse_since(struct slice value, struct audit_call *audit)
{
    return time_parse(value, &audit->query.since_us);
}

static bool parse_until(struct slice value, struct audit_call *audit)
{
    return time_parse(value, &audit->query.until_us);
}

static bool parse_limit(struct slice value, struct audit_call *audit)
{
    uint64_t limit = 0;
    bool read = slice_to_u64(value, LIMIT_MAX, &limit) && limit > 0;
    audit->query.limit = (int32_t)limit;
    return read;
}

static bool parse_after(struct slice value, struct audit_call *audit)
{
    uint64_t at = 0, number = 0;
    struct slice first = {NULL, 0};
    bool read = slice_split(&value, '-', &first) && slice_to_u64(first, INT64_MAX, &at) &&
                slice_to_u64(value, INT64_MAX, &number);
    audit->query.before_us = (int64_t)at;
    audit->query.before_number = (int64_t)number;
    return read;
}

static bool parse_format(struct slice value, struct audit_call *audit)
{
    audit->form = slice_equal(value, SLICE("csv"))     ? AUDIT_CSV
                  : slice_equal(value, SLICE("jsonl")) ? AUDIT_LINES
                                                       : AUDIT_JSON;
    return audit->form != AUDIT_JSON || slice_equal(value, SLICE("json"));
}

static bool parse_lang(struct slice value, struct audit_call *audit)
{
    (void)value; /* the answer's language is the business of desk_call.c */
    (void)audit;
    return true;
}

static const struct {
    struct slice name;
    bool (*parse)(struct slice value, struct audit_call *audit);
} parameters[] = {
    {SLICE_INIT("case"), parse_case},   {SLICE_INIT("user"), parse_user},     {SLICE_INIT("action"), parse_action},
    {SLICE_INIT("since"), parse_since}, {SLICE_INIT("until"), parse_until},   {SLICE_INIT("limit"), parse_limit},
    {SLICE_INIT("after"), parse_after}, {SLICE_INIT("format"), parse_format}, {SLICE_INIT("lang"), parse_lang},
};

static void parse_pair(const struct form_pair *pair, struct audit_call *audit, struct field_errors *errors)
{
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        if (slice_equal(pair->name, parameters[i].name)) {
            if (pair->value.length > 0 && !parameters[i].parse(pair->value, audit)) {
                field_error_add(errors, FIELD_NOT_A_VALUE, "%.*s", SLICE_ARGS(pair->name));
            }
            return;
        }
    }
    int shown = pair->name.length < NAME_SHOWN ? (int)pair->name.length : NAME_SHOWN;
    field_error_add(errors, FIELD_UNKNOWN, "%.*s", shown, pair->name.length > 0 ? pair->name.data : "");
}

static void begin(struct audit_call *audit)
{
    struct desk_call *call = &audit->call;
    struct field_errors errors = {.count = 0};
    struct form form = {.count = 0};
    struct pg_params params;
    audit->query.limit = LIMIT_DEFAULT;
    if (!form_parse(call->arena, call->request->query, &form)) {
        field_error_add(&errors, FIELD_NOT_TEXT, "query");
    }
    for (size_t i = 0; i < form.count; i++) {
        parse_pair(&form.pairs[i], audit, &errors);
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 400, &errors);
        return;
    }
    pg_params_init(&params);
    audit_page_params(&params, &audit->query);
    desk_call_query(call, PG_AUDIT_PAGE, &params);
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

/* What both forms say of an entry; an empty one is nothing. */
enum { COLUMN_NUMBER, COLUMN_AT, COLUMN_STAFF, COLUMN_ACTION, COLUMN_CASE, COLUMN_ORIGIN, COLUMN_DETAIL, COLUMN_COUNT };

static void add_object(struct buffer *out, const struct slice columns[COLUMN_COUNT])
{
    static const char *const names[COLUMN_COUNT] = {
        "{\"number\":", ",\"at\":", ",\"staff\":", ",\"action\":", ",\"case\":", ",\"origin\":", ",\"detail\":"};
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        buffer_add_text(out, names[i]);
        if (columns[i].length == 0) {
            buffer_add_text(out, "null");
        } else if (i == COLUMN_NUMBER || i == COLUMN_DETAIL) {
            buffer_add_slice(out, columns[i]); /* is JSON */
        } else {
            json_text_add(out, columns[i]);
        }
    }
    buffer_add_byte(out, '}');
}

/* RFC 4180, quoted always. Nothing here begins as a spreadsheet's formula does: names, codes, times and objects. */
static void add_line(struct buffer *out, const struct slice columns[COLUMN_COUNT])
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        buffer_add_text(out, i > 0 ? ",\"" : "\"");
        for (size_t c = 0; c < columns[i].length; c++) {
            if (columns[i].data[c] == '"') {
                buffer_add_byte(out, '"');
            }
            buffer_add_byte(out, (uint8_t)columns[i].data[c]);
        }
        buffer_add_byte(out, '"');
    }
    buffer_add_text(out, "\r\n");
}

static void add_row(struct buffer *out, enum audit_form form, const struct audit_row *row, bool first)
{
    char number[24], at[TIME_TEXT_MAX], code[CASE_CODE_TEXT_SIZE + 1];
    int digits = snprintf(number, sizeof(number), "%lld", (long long)row->number);
    const struct slice columns[COLUMN_COUNT] = {
        [COLUMN_NUMBER] = slice_make(number, (size_t)digits),
        [COLUMN_AT] = time_format(row->at_us, at),
        [COLUMN_STAFF] = row->user,
        [COLUMN_ACTION] = row->action,
        [COLUMN_CASE] = row->has_case ? case_code_format(row->registration_id, code) : (struct slice){NULL, 0},
        [COLUMN_ORIGIN] = row->origin,
        [COLUMN_DETAIL] = row->detail,
    };
    if (form == AUDIT_CSV) {
        add_line(out, columns);
        return;
    }
    buffer_add_text(out, form == AUDIT_JSON && !first ? "," : "");
    add_object(out, columns);
    buffer_add_text(out, form == AUDIT_LINES ? "\n" : "");
}

/* Every value was held to characters that need no escape. */
static struct slice next_link(const struct audit_call *audit, const struct audit_row *last)
{
    char text[TIME_TEXT_MAX];
    struct arena *arena = audit->call.arena;
    const struct audit_query *query = &audit->query;
    static const char *const formats[] = {"json", "jsonl", "csv"};
    struct buffer link;
    buffer_init(&link, 1024);
    buffer_printf(&link, "</api/v1/audit?limit=%d&after=%lld-%lld&format=%s", (int)query->limit, (long long)last->at_us,
                  (long long)last->number, formats[audit->form]);
    if (query->has_case) {
        char code[CASE_CODE_TEXT_SIZE + 1];
        buffer_printf(&link, "&case=%s", case_code_format(query->registration_id, code).data);
    }
    if (query->user.length > 0) {
        buffer_printf(&link, "&user=%.*s", SLICE_ARGS(query->user));
    }
    if (query->action.length > 0) {
        buffer_printf(&link, "&action=%.*s", SLICE_ARGS(query->action));
    }
    if (query->since_us != 0) {
        buffer_printf(&link, "&since=%s", time_format(query->since_us, text).data);
    }
    if (query->until_us != 0) {
        buffer_printf(&link, "&until=%s", time_format(query->until_us, text).data);
    }
    buffer_add_text(&link, ">; rel=\"next\"");
    struct slice made = link.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&link));
    buffer_release(&link);
    return made;
}

static void gather(struct audit_call *audit, const PGresult *rows)
{
    struct desk_call *call = &audit->call;
    struct pg_params params;
    struct buffer out;
    int shown = 0;
    buffer_init(&out, ANSWER_MAX);
    buffer_add_text(&out, audit->form == AUDIT_JSON ? "{\"entries\":["
                          : audit->form == AUDIT_CSV
                              ? "\"number\",\"at\",\"staff\",\"action\",\"case\",\"origin\",\"detail\"\r\n"
                              : "");
    for (int i = 0; i < PQntuples(rows); i++) {
        struct audit_row row;
        if (audit_row_read(rows, i, &row)) {
            add_row(&out, audit->form, &row, shown == 0);
            shown++;
        } else {
            audit->next = next_link(audit, &row);
        }
    }
    buffer_add_text(&out, audit->form == AUDIT_JSON ? "]}" : "");
    audit->body = out.failed ? (struct slice){NULL, 0} : arena_dup(call->arena, buffer_slice(&out));
    bool failed = out.failed || (audit->body.data == NULL && out.length > 0);
    buffer_release(&out);
    if (failed) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    audit->step = AUDIT_RECORD;
    pg_params_init(&params);
    audit_look_params(&params, call->who.staff_id, call->origin, &audit->query, shown, audit->form != AUDIT_JSON);
    desk_call_query(call, PG_AUDIT_ADD, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    static const struct slice types[] = {SLICE_INIT("application/json"), SLICE_INIT("application/jsonl"),
                                         SLICE_INIT("text/csv; charset=utf-8")};
    struct audit_call *audit = (struct audit_call *)call;
    if (audit->step == AUDIT_RECORD) {
        struct http_header link = {SLICE("Link"), audit->next};
        desk_respond_text(call, types[audit->form], &link, audit->next.length > 0 ? 1 : 0, audit->body);
    } else if (rows == NULL) {
        begin(audit);
    } else {
        gather(audit, rows);
    }
}

void desk_audit(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_AUDIT, .size = sizeof(struct audit_call), .step = step};
    desk_call_start(exchange, role, &capability);
}
