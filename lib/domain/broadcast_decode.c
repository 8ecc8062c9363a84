/* SPDX-License-Identifier: Apache-2.0
 * The members of a broadcast, by table, and what is wrong with them together. */
#include "core/utf8.h"
#include "domain/broadcast.h"
#include "domain/decode.h"
#include "domain/registration.h"

enum { POST_MAX = 64, BAND_LAST = 5, LANGUAGE_MAX = 35 };

static const struct slice unheard = SLICE_INIT("none");

static bool is_code(struct slice text, size_t most)
{
    bool is = text.length > 0 && text.length <= most;
    for (size_t i = 0; is && i < text.length; i++) {
        char c = text.data[i];
        is = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    return is;
}

static void decode_code(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *slice)
{
    decode_text(decoder, tree, path, slice);
    if (tree->kind == TREE_TEXT && !is_code(tree->text, POST_MAX)) {
        decode_fault(decoder, FIELD_NOT_A_VALUE, path);
    }
}

static void decode_language(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *slice)
{
    decode_text(decoder, tree, path, slice);
    if (tree->kind == TREE_TEXT && !is_code(tree->text, LANGUAGE_MAX)) {
        decode_fault(decoder, FIELD_NOT_A_LANGUAGE, path);
    }
}

static void decode_cell(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *slice)
{
    double lat = 0;
    double lon = 0;
    decode_text(decoder, tree, path, slice);
    if (tree->kind == TREE_TEXT && !cell_middle(tree->text, &lat, &lon)) {
        decode_fault(decoder, FIELD_NOT_A_VALUE, path);
    }
}

/* A choice that came out empty is no choice of everybody. */
static void refuse_empty(struct decoder *decoder, const struct tree *tree, const struct decode_path *path)
{
    if (tree->kind == TREE_LIST && tree->count == 0) {
        decode_fault(decoder, FIELD_MISSING, path);
    }
}

static void decode_codes(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *list)
{
    struct broadcast_list *l = list;
    l->count = decode_array(decoder, tree, path, BROADCAST_LIST_MAX, decode_code, l->items, sizeof(l->items[0]));
    refuse_empty(decoder, tree, path);
}

static void decode_languages(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                             void *list)
{
    struct broadcast_list *l = list;
    l->count = decode_array(decoder, tree, path, BROADCAST_LIST_MAX, decode_language, l->items, sizeof(l->items[0]));
    refuse_empty(decoder, tree, path);
}

static void decode_cells(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *list)
{
    struct broadcast_list *l = list;
    l->count = decode_array(decoder, tree, path, BROADCAST_LIST_MAX, decode_cell, l->items, sizeof(l->items[0]));
    refuse_empty(decoder, tree, path);
}

/* A whole number from `least` to `most`; 0 and a fault when it is none. */
static unsigned whole(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, int64_t least,
                      int64_t most)
{
    if (tree->kind != TREE_INTEGER) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return 0;
    }
    if (tree->integer < least || tree->integer > most) {
        decode_fault(decoder, FIELD_OUT_OF_RANGE, path);
        return 0;
    }
    return (unsigned)tree->integer;
}

static void decode_band(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *element)
{
    *(unsigned *)element = whole(decoder, tree, path, 1, BAND_LAST);
}

static void decode_bands(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *bits)
{
    unsigned bands[BAND_LAST] = {0};
    refuse_empty(decoder, tree, path);
    size_t count = decode_array(decoder, tree, path, BAND_LAST, decode_band, bands, sizeof(bands[0]));
    for (size_t i = 0; i < count; i++) {
        *(uint32_t *)bits |= bands[i] > 0 ? UINT32_C(1) << bands[i] : 0;
    }
}

/* Bits of a vocabulary; `left_over`, when it is given, takes one word more. */
static uint32_t words(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                      const struct vocabulary *vocabulary, struct slice more, bool *left_over)
{
    uint32_t bits = 0;
    size_t i = 0;
    if (tree->kind != TREE_LIST) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return 0;
    }
    refuse_empty(decoder, tree, path);
    for (const struct tree *child = tree->children.first; child != NULL && i < BROADCAST_LIST_MAX;
         child = child->next) {
        struct decode_path below = {.above = path, .index = i++};
        unsigned value = 0;
        if (left_over != NULL && child->kind == TREE_TEXT && slice_equal(child->text, more)) {
            *left_over = true;
        } else if (decode_word(decoder, child, &below, vocabulary, &value)) {
            bits |= UINT32_C(1) << value;
        }
    }
    return bits;
}

static void decode_some_needs(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                              void *needs)
{
    decode_needs(decoder, tree, path, needs);
    refuse_empty(decoder, tree, path);
}

static void decode_intents(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *bits)
{
    *(uint32_t *)bits = words(decoder, tree, path, &vocabulary_intent, SLICE(""), NULL);
}

static void decode_statuses(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *audience)
{
    struct broadcast_audience *a = audience;
    a->statuses = words(decoder, tree, path, &vocabulary_check_in_status, unheard, &a->unheard);
}

static void decode_degrees(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                           void *number)
{
    (void)decode_number(decoder, tree, path, number);
}

static void decode_zone(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *zone)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("lat"), decode_degrees, offsetof(struct broadcast_zone, lat)},
        {SLICE_INIT("lon"), decode_degrees, offsetof(struct broadcast_zone, lon)},
        {SLICE_INIT("km"), decode_degrees, offsetof(struct broadcast_zone, km)},
    };
    struct broadcast_zone *z = zone;
    const size_t before = decoder->errors->count;
    *z = (struct broadcast_zone){.given = true, .lat = 91, .lon = 181}; /* what is left out is out of range */
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), z);
    for (size_t i = 0; decoder->errors->count == before && i < 3; i++) {
        const bool right[] = {z->lat >= -90 && z->lat <= 90, z->lon >= -180 && z->lon <= 180,
                              z->km > 0 && z->km <= BROADCAST_ZONE_KM_MAX};
        struct decode_path below = {.above = path, .name = members[i].name};
        if (!right[i]) {
            decode_fault(decoder, tree_member(tree, members[i].name) != NULL ? FIELD_OUT_OF_RANGE : FIELD_MISSING,
                         &below);
        }
    }
}

static void decode_audience(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *audience)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("posts"), decode_codes, offsetof(struct broadcast_audience, posts)},
        {SLICE_INIT("cells"), decode_cells, offsetof(struct broadcast_audience, cells)},
        {SLICE_INIT("zone"), decode_zone, offsetof(struct broadcast_audience, zone)},
        {SLICE_INIT("languages"), decode_languages, offsetof(struct broadcast_audience, languages)},
        {SLICE_INIT("bands"), decode_bands, offsetof(struct broadcast_audience, bands)},
        {SLICE_INIT("needs"), decode_some_needs, offsetof(struct broadcast_audience, needs)},
        {SLICE_INIT("intents"), decode_intents, offsetof(struct broadcast_audience, intents)},
        {SLICE_INIT("statuses"), decode_statuses, 0},
        {SLICE_INIT("overdue"), decode_bool, offsetof(struct broadcast_audience, overdue)},
    };
    struct broadcast_audience *a = audience;
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), a);
    if (a->zone.given && a->cells.count > 0) {
        struct decode_path zone = {.above = path, .name = SLICE("zone")};
        decode_fault(decoder, FIELD_EITHER_OR, &zone);
    }
}

static void check_text(struct decoder *decoder, const struct broadcast_words *said, const struct decode_path *path)
{
    if (!is_code(said->language, LANGUAGE_MAX)) {
        decode_fault(decoder, FIELD_NOT_A_LANGUAGE, path);
    } else if (said->text.length == 0) {
        decode_fault(decoder, FIELD_MISSING, path);
    } else if (!utf8_is_text(said->text)) {
        decode_fault(decoder, FIELD_NOT_TEXT, path);
    } else if (utf8_length(said->text) > TEXT_MAX_CHARACTERS ||
               broadcast_size(decoder->arena, said->text).segments > TEXT_SEGMENTS_MAX) {
        field_error_add_limit(decoder->errors, FIELD_TOO_LONG, TEXT_UNUSUAL_MAX_CHARACTERS, "texts/%.*s",
                              SLICE_ARGS(said->language));
    }
}

static void decode_texts(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *draft)
{
    struct broadcast_draft *d = draft;
    if (tree->kind != TREE_OBJECT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return;
    }
    for (const struct tree *child = tree->children.first; child != NULL; child = child->next) {
        struct decode_path below = {.above = path, .name = child->name};
        if (d->text_count == BROADCAST_TEXTS_MAX) {
            field_error_add_limit(decoder->errors, FIELD_TOO_MANY, BROADCAST_TEXTS_MAX, "texts");
            return;
        }
        struct broadcast_words *said = &d->texts[d->text_count++];
        said->language = child->name;
        decode_text(decoder, child, &below, &said->text);
        if (child->kind == TREE_TEXT) {
            check_text(decoder, said, &below);
        }
    }
}

static void decode_rate(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *rate)
{
    *(unsigned *)rate = whole(decoder, tree, path, 1, BROADCAST_RATE_MAX);
}

static void decode_hours(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *hours)
{
    *(unsigned *)hours = whole(decoder, tree, path, 1, BROADCAST_HOURS_MAX);
}

void broadcast_decode(struct arena *arena, const struct tree *tree, struct broadcast_draft *draft,
                      struct field_errors *errors)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("crisis"), decode_code, offsetof(struct broadcast_draft, crisis)},
        {SLICE_INIT("audience"), decode_audience, offsetof(struct broadcast_draft, audience)},
        {SLICE_INIT("texts"), decode_texts, 0},
        {SLICE_INIT("asks"), decode_bool, offsetof(struct broadcast_draft, asks)},
        {SLICE_INIT("texts_a_second"), decode_rate, offsetof(struct broadcast_draft, texts_a_second)},
        {SLICE_INIT("hours"), decode_hours, offsetof(struct broadcast_draft, hours)},
    };
    struct decoder decoder = {.arena = arena, .errors = errors};
    *draft = (struct broadcast_draft){.texts_a_second = BROADCAST_RATE_USUAL, .hours = BROADCAST_HOURS_USUAL};
    decode_object(&decoder, tree, NULL, members, sizeof(members) / sizeof(members[0]), draft);
    if (draft->crisis.length == 0 && field_error_find(errors, "crisis") == NULL) {
        field_error_add(errors, FIELD_MISSING, "crisis");
    }
    if (draft->text_count == 0 && field_error_find(errors, "texts") == NULL) {
        field_error_add(errors, FIELD_MISSING, "texts");
    }
}
