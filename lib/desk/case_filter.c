/* SPDX-License-Identifier: Apache-2.0
 * One row a parameter. */
#include "desk/case_filter.h"

#include "core/buffer.h"
#include "desk/page_key.h"
#include "desk/place_filter.h"
#include "desk/query_table.h"
#include "domain/place.h"
#include "domain/triage.h"

enum { POST_MAX = 64, LINK_MAX = 1024 };

static bool parse_limit(struct slice value, void *target)
{
    struct case_filter *filter = target;
    uint64_t limit = 0;
    bool read = slice_to_u64(value, CASES_LIMIT_MAX, &limit) && limit > 0;
    filter->limit = (int)limit;
    return read;
}

static bool parse_after(struct slice value, void *target)
{
    struct case_filter *filter = target;
    filter->has_after = page_key_parse(value, &filter->after);
    return filter->has_after;
}

static bool parse_band(struct slice value, void *target)
{
    struct case_filter *filter = target;
    uint64_t band = 0;
    bool read = slice_to_u64(value, BAND_COUNT - 1, &band) && band > 0;
    filter->band = (unsigned)band;
    return read;
}

/* A post that does not exist has no cases; a value that cannot be a post's is a mistake. */
static bool parse_post(struct slice value, void *target)
{
    struct case_filter *filter = target;
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
            return false;
        }
    }
    filter->post = value;
    return value.length <= POST_MAX;
}

static bool parse_need(struct slice value, void *target)
{
    struct case_filter *filter = target;
    unsigned need = 0;
    bool read = vocabulary_find(&vocabulary_need, value, &need);
    filter->needs = read ? NEED_BIT(need) : 0;
    return read;
}

/* Its first symbols name a larger cell, as the map shows them from afar. */
static bool parse_cell(struct slice value, void *target)
{
    struct case_filter *filter = target;
    struct cell_edges edges;
    filter->cell = value;
    return cell_edges_of(value, &edges);
}

static bool parse_zone(struct slice value, void *target)
{
    struct case_filter *filter = target;
    filter->has_zone = uuid_parse(value, &filter->zone);
    return filter->has_zone;
}

static bool parse_place(struct slice value, void *target)
{
    return place_filter_parse(value, &((struct case_filter *)target)->place);
}

static const struct query_parameter parameters[] = {
    {SLICE_INIT("limit"), parse_limit, FIELD_OUT_OF_RANGE}, {SLICE_INIT("after"), parse_after, FIELD_NOT_A_VALUE},
    {SLICE_INIT("band"), parse_band, FIELD_OUT_OF_RANGE},   {SLICE_INIT("post"), parse_post, FIELD_NOT_A_VALUE},
    {SLICE_INIT("need"), parse_need, FIELD_NOT_A_VALUE},    {SLICE_INIT("cell"), parse_cell, FIELD_NOT_A_VALUE},
    {SLICE_INIT("zone"), parse_zone, FIELD_NOT_A_UUID},     {SLICE_INIT("place"), parse_place, FIELD_TOO_LONG},
};

bool case_filter_parse(struct arena *arena, struct slice query, struct case_filter *filter, struct field_errors *errors)
{
    filter->limit = CASES_LIMIT_DEFAULT;
    return query_table_read(arena, query, parameters, sizeof(parameters) / sizeof(parameters[0]), filter, errors);
}

/* A name, as a query has it (RFC 3986 section 2.1). */
static void add_escaped(struct buffer *link, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.') {
            buffer_add_byte(link, (uint8_t)c);
        } else {
            buffer_printf(link, "%%%02X", (unsigned)(uint8_t)c);
        }
    }
}

/* Every value but a place's name was held to characters that need no escape. */
struct slice case_filter_next(struct arena *arena, const struct case_filter *filter, const struct case_key *last)
{
    char key[PAGE_KEY_SIZE + 1];
    struct buffer link;
    buffer_init(&link, LINK_MAX);
    buffer_printf(&link, "</api/v1/queues/%.*s/cases?limit=%d&after=%s", SLICE_ARGS(filter->queue), filter->limit,
                  page_key_format(last, key).data);
    if (filter->band != 0) {
        buffer_printf(&link, "&band=%u", filter->band);
    }
    if (filter->post.length > 0) {
        buffer_printf(&link, "&post=%.*s", SLICE_ARGS(filter->post));
    }
    for (unsigned need = 0; need < NEED_COUNT; need++) {
        if ((filter->needs & NEED_BIT(need)) != 0) {
            buffer_printf(&link, "&need=%.*s", SLICE_ARGS(vocabulary_name(&vocabulary_need, need)));
        }
    }
    if (filter->cell.length > 0) {
        buffer_printf(&link, "&cell=%.*s", SLICE_ARGS(filter->cell));
    }
    if (filter->has_zone) {
        char zone[UUID_TEXT_SIZE + 1];
        buffer_printf(&link, "&zone=%s", uuid_format(&filter->zone, zone).data);
    }
    if (filter->place.length > 0) {
        buffer_add_text(&link, "&place=");
        add_escaped(&link, filter->place);
    }
    buffer_add_text(&link, ">; rel=\"next\"");
    struct slice text = link.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&link));
    buffer_release(&link);
    return text;
}
