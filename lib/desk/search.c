/* SPDX-License-Identifier: Apache-2.0
 * GET and POST /api/v1/search: parties by name, phone, document or case code. A POST keeps what is searched for out of the address.
 *
 *   COUNTRIES --whose local phones--> FIND --opened and ranked--> AUDIT --on record--> answered
 */
#include <string.h>

#include "desk/body.h"
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/person_name.h"
#include "domain/name_match.h"
#include "store/audit.h"
#include "store/search.h"

enum {
    SEARCH_TEXT_MAX = 200,
    SEARCH_LIMIT_DEFAULT = 20,
    SEARCH_LIMIT_MAX = 50,
    SEARCH_LOOKED_AT_MAX = 200,
    COUNTRY_SIZE = 3
};
enum { SCORE_SURE = 100, NAMES_MAX = 4 };

enum search_step { SEARCH_BEGIN, SEARCH_COUNTRIES, SEARCH_FIND, SEARCH_AUDIT };

/* One party. */
struct hit {
    struct search_row row; /* its slices are not kept beyond the rows' call */
    unsigned score;
    enum name_matched how;
    struct slice name; /* of the member that is meant, else of the first */
    unsigned unreadable;
};

struct asked {
    struct slice q;
    struct body_number limit;
};

struct search {
    struct desk_call call;
    enum search_step step;
    struct asked asked;
    int limit;
    struct search_terms terms;
    char countries[SEARCH_COUNTRIES_MAX][COUNTRY_SIZE];
    struct hit *hits;
    size_t hit_count;
};

static const struct body_member members[] = {
    {SLICE_INIT("q"), offsetof(struct asked, q), SEARCH_TEXT_MAX, true, BODY_TEXT},
    {SLICE_INIT("limit"), offsetof(struct asked, limit), SEARCH_LIMIT_MAX, false, BODY_NUMBER},
};

static void find(struct search *search)
{
    struct desk_call *call = &search->call;
    struct pg_params params;
    if (!search_terms_read(&search->terms, search->asked.q, &call->desk->keys, call->arena)) {
        desk_refuse_for(call, 503, NULL, 1);
        return;
    }
    search->step = SEARCH_FIND;
    pg_params_init(&params);
    search_find_params(&params, &search->terms, &call->desk->keys, SEARCH_LOOKED_AT_MAX,
                       opening_recipient_id(&call->desk->opening));
    desk_call_query(call, PG_SEARCH_FIND, &params);
}

static void on_countries(struct search *search, const PGresult *rows)
{
    struct search_terms *terms = &search->terms;
    for (int i = 0; i < PQntuples(rows) && terms->country_count < SEARCH_COUNTRIES_MAX; i++) {
        struct slice country = pg_get_slice(rows, i, 0);
        char *kept = search->countries[terms->country_count];
        if (country.length == COUNTRY_SIZE - 1) {
            memcpy(kept, country.data, country.length);
            kept[COUNTRY_SIZE - 1] = '\0';
            terms->countries[terms->country_count++] = kept;
        }
    }
    find(search);
}

/* A member of the party: is it who was meant? */
static void weigh(struct search *search, struct hit *hit, const struct search_row *row)
{
    struct name_tokens words = {.count = 0};
    enum name_matched how = NAME_MATCHED_NOT;
    bool unreadable = false;
    struct slice name =
        person_name(&search->call, row->member_of, row->ordinal, &row->person, &words, NULL, &unreadable);
    unsigned score = name_match(&search->terms.words, &words, &how);
    hit->unreadable += unreadable ? 1 : 0;
    if (score > hit->score || hit->name.length == 0) {
        hit->name = name;
    }
    if (score > hit->score) {
        hit->score = score;
        hit->how = how;
    }
}

static bool is_sure(const struct hit *hit)
{
    return (hit->row.by & (SEARCH_BY_CASE | SEARCH_BY_PHONE | SEARCH_BY_DOCUMENT)) != 0;
}

/* Best first; the numbers decide between equals, so that the order stays. */
static void insert(struct search *search, const struct hit *hit)
{
    size_t at = search->hit_count++;
    for (; at > 0; at--) {
        const struct hit *before = &search->hits[at - 1];
        if (before->score > hit->score ||
            (before->score == hit->score && before->row.registration_id < hit->row.registration_id)) {
            break;
        }
        search->hits[at] = *before;
    }
    search->hits[at] = *hit;
}

static void settle(struct search *search, struct hit *hit)
{
    if (is_sure(hit)) {
        hit->score = SCORE_SURE;
    }
    if (hit->score > 0) { /* the index finds a few more than are meant */
        insert(search, hit);
    }
}

static void add_word(struct render *render, json_t *list, bool holds, const char *word)
{
    if (holds) {
        render_add(render, list, json_string(word));
    }
}

static json_t *matched(struct search *search, const struct hit *hit)
{
    struct render *render = &search->call.answer;
    json_t *list = json_array();
    bool by_number = (hit->row.by & SEARCH_BY_CASE) != 0;
    /* a stranger is kept under a number made of the phone */
    bool by_phone = (hit->row.by & SEARCH_BY_PHONE) != 0 || (by_number && (search->terms.kinds & SEARCH_BY_PHONE) != 0);
    add_word(render, list, by_number && (search->terms.kinds & SEARCH_BY_CASE) != 0, "case");
    add_word(render, list, by_phone, "phone");
    add_word(render, list, (hit->row.by & SEARCH_BY_DOCUMENT) != 0, "document");
    add_word(render, list, hit->how == NAME_MATCHED_WHOLE, "name");
    add_word(render, list, hit->how == NAME_MATCHED_BEGINS, "name_begins");
    add_word(render, list, hit->how == NAME_MATCHED_SOUNDS, "name_sounds");
    return list;
}

static json_t *line(struct search *search, const struct hit *hit)
{
    struct render *render = &search->call.answer;
    const struct search_row *row = &hit->row;
    json_t *object = json_object();
    render_set(render, object, "case", render_case_code(row->registration_id));
    render_set(render, object, "name", render_slice(hit->name));
    render_set(render, object, "score", json_integer(hit->score));
    render_set(render, object, "matched", matched(search, hit));
    render_set(render, object, "known", json_boolean(slice_equal(row->state, SLICE("registered"))));
    render_set(render, object, "party_size", json_integer(row->party_size));
    render_set(render, object, "last_status", render_slice(row->last_status));
    render_set(render, object, "post", render_slice(row->post));
    render_set(render, object, "queue", render_slice(row->queue));
    render_set(render, object, "band", render_number_or_null(row->band));
    render_set(render, object, "state", render_slice(row->case_state));
    if (hit->unreadable > 0) {
        render_set(render, object, "unreadable", json_true());
    }
    return object;
}

static void show(struct search *search, size_t parties)
{
    struct desk_call *call = &search->call;
    struct render *render = &call->answer;
    struct pg_params params;
    uint8_t hash[BLIND_SIZE];
    size_t shown = search->hit_count < (size_t)search->limit ? search->hit_count : (size_t)search->limit;
    json_t *list = json_array();
    render_begin(render);
    for (size_t i = 0; i < shown; i++) {
        render_add(render, list, line(search, &search->hits[i]));
    }
    render_set(render, render->root, "results", list);
    render_set(render, render->root, "more",
               json_boolean(search->hit_count > shown || parties >= SEARCH_LOOKED_AT_MAX));
    blind(&call->desk->keys, BLIND_SEARCH, slice_trim(search->asked.q), hash);
    search->step = SEARCH_AUDIT;
    pg_params_init(&params);
    audit_search_params(&params, call->who.staff_id, call->origin, search->terms.kinds, (int)shown, hash);
    desk_call_query(call, PG_AUDIT_ADD, &params);
}

static void on_found(struct search *search, const PGresult *rows)
{
    int count = PQntuples(rows);
    size_t parties = 0;
    struct hit hit = {.score = 0};
    search->hits = arena_array(search->call.arena, (size_t)count + 1, sizeof(*search->hits));
    if (search->hits == NULL) {
        desk_refuse_for(&search->call, 503, NULL, 1);
        return;
    }
    for (int i = 0; i < count; i++) {
        struct search_row row;
        search_row_read(rows, i, &row);
        if (i == 0 || row.registration_id != hit.row.registration_id) {
            if (i > 0) {
                settle(search, &hit);
            }
            hit = (struct hit){.row = row};
            parties++;
        }
        if (row.person.sealed.length > 0) {
            weigh(search, &hit, &row);
        }
    }
    if (count > 0) {
        settle(search, &hit);
    }
    show(search, parties);
}

static bool read_query(struct search *search, struct field_errors *errors)
{
    struct desk_call *call = &search->call;
    struct slice limit = SLICE("");
    uint64_t number = 0;
    bool given = http_request_query(call->request, call->arena, SLICE("q"), &search->asked.q);
    search->asked.q = given ? slice_trim(search->asked.q) : SLICE("");
    if (search->asked.q.length == 0) {
        field_error_add(errors, FIELD_MISSING, "q");
    } else if (search->asked.q.length > SEARCH_TEXT_MAX) {
        field_error_add_limit(errors, FIELD_TOO_LONG, SEARCH_TEXT_MAX, "q");
    }
    if (http_request_query(call->request, call->arena, SLICE("limit"), &limit) && limit.length > 0) {
        search->asked.limit.given = slice_to_u64(limit, SEARCH_LIMIT_MAX, &number);
        search->asked.limit.value = (long)number;
        if (!search->asked.limit.given) {
            field_error_add(errors, FIELD_NOT_A_NUMBER, "limit");
        }
    }
    return errors->count == 0;
}

static bool read(struct search *search)
{
    struct desk_call *call = &search->call;
    struct field_errors errors = {.count = 0};
    if (call->request->method == HTTP_GET) {
        if (!read_query(search, &errors)) {
            desk_refuse_fields(call, 400, &errors);
        }
        return errors.count == 0;
    }
    enum body_reading reading = body_read_json(call->request, call->arena, members,
                                               sizeof(members) / sizeof(members[0]), &search->asked, &errors);
    if (reading == BODY_FAULTS) {
        desk_refuse_fields(call, 422, &errors);
    } else if (reading != BODY_OK) {
        desk_refuse(call, reading == BODY_WRONG_TYPE ? 415 : reading == BODY_NO_MEMORY ? 503 : 400, NULL);
    }
    return reading == BODY_OK;
}

static void begin(struct search *search)
{
    struct pg_params params;
    if (!read(search)) {
        return; /* answered */
    }
    search->limit = search->asked.limit.given && search->asked.limit.value > 0 ? (int)search->asked.limit.value
                                                                               : SEARCH_LIMIT_DEFAULT;
    search->step = SEARCH_COUNTRIES;
    pg_params_init(&params);
    desk_call_query(&search->call, PG_SEARCH_COUNTRIES, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct search *search = (struct search *)call;
    switch (search->step) {
    case SEARCH_BEGIN:
        begin(search);
        break;
    case SEARCH_COUNTRIES:
        on_countries(search, rows);
        break;
    case SEARCH_FIND:
        on_found(search, rows);
        break;
    case SEARCH_AUDIT:
        desk_respond_json(call, 200, NULL, 0);
        break;
    }
}

void desk_search(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {.right = RIGHT_LOOK, .size = sizeof(struct search), .step = step};
    desk_call_start(exchange, role, &capability);
}
