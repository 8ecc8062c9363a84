/* SPDX-License-Identifier: Apache-2.0
 * Building the shared part of a page's model. */
#include "page/frame.h"

#include "domain/country_clock.h"
#include "page/render.h"

enum { WORDS_MAX = 4096 };

static struct slice taken(struct page_frame *frame, struct buffer *words)
{
    struct slice text = page_made(&frame->model, arena_dup(frame->model.arena, buffer_slice(words)));
    frame->model.failed = frame->model.failed || words->failed;
    buffer_release(words);
    return text;
}

struct slice page_words(struct page_frame *frame, const char *key, const struct page_field *fields, size_t count)
{
    struct buffer words;
    buffer_init(&words, WORDS_MAX);
    page_format(&words, frame->language, key, fields, count);
    return taken(frame, &words);
}

struct slice page_time_words(struct page_frame *frame, int64_t time_us)
{
    struct buffer words;
    buffer_init(&words, WORDS_MAX);
    page_time(&words, frame->language, time_us, &frame->clock);
    return taken(frame, &words);
}

struct slice page_when_words(struct page_frame *frame, int64_t time_us)
{
    struct buffer words;
    buffer_init(&words, WORDS_MAX);
    page_when(&words, frame->language, time_us, frame->now_us, &frame->clock);
    return taken(frame, &words);
}

struct slice page_clock_words(struct page_frame *frame)
{
    struct buffer words;
    buffer_init(&words, WORDS_MAX);
    page_clock_name(&words, frame->language, &frame->clock);
    return taken(frame, &words);
}

/* UAX 9: a space would give each group of digits a place of its own; LRI and PDI keep what is before and behind out of it. */
struct slice page_in_one_piece(struct page_frame *frame, struct slice text)
{
    struct buffer piece;
    bool isolated = text.length > 0 && slice_equal(frame->language->direction, SLICE("rtl"));
    buffer_init(&piece, WORDS_MAX);
    buffer_add_text(&piece, isolated ? "\xe2\x81\xa6" : "");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == ' ') {
            buffer_add_text(&piece, "\xc2\xa0");
        } else {
            buffer_add_byte(&piece, (uint8_t)text.data[i]);
        }
    }
    buffer_add_text(&piece, isolated ? "\xe2\x81\xa9" : "");
    return taken(frame, &piece);
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

struct slice page_link_query(struct page_model *model, const struct page_language *language, struct slice crisis)
{
    /* ids are made by operators of such characters; one that is not would break the link, so the link goes without it */
    for (size_t i = 0; i < crisis.length; i++) {
        if (!is_unreserved(crisis.data[i])) {
            crisis.length = 0;
        }
    }
    return page_made(model, arena_printf(model->arena, "?lang=%.*s%s%.*s", SLICE_ARGS(language->tag),
                                         crisis.length > 0 ? "&crisis=" : "", SLICE_ARGS(crisis)));
}

static void set_languages(struct page_frame *frame, const struct page_request *request)
{
    struct page_value *languages = page_set_object(&frame->model, frame->root, "languages");
    struct page_value *items = page_set_list(&frame->model, languages, "items");
    for (size_t i = 0; i < page_language_count(); i++) {
        const struct page_language *language = page_language_at(i);
        if (request->officers && !language->officers) {
            continue;
        }
        struct slice query = page_link_query(&frame->model, language, request->crisis);
        struct page_value *item = page_add(&frame->model, items);
        page_set(&frame->model, item, "tag", language->tag);
        page_set(&frame->model, item, "name", language->name);
        page_set(&frame->model, item, "href",
                 page_made(&frame->model, arena_printf(frame->model.arena, "%.*s%.*s%s%.*s", SLICE_ARGS(request->path),
                                                       SLICE_ARGS(query), request->filters.length > 0 ? "&" : "",
                                                       SLICE_ARGS(request->filters))));
        page_set_flag(&frame->model, item, "current", language == frame->language);
    }
}

/* What differs outside the capital, in one sentence; empty when nothing does. */
static struct slice elsewhere_words(struct page_frame *frame, const struct crisis_view *crisis)
{
    bool routine =
        crisis->routine_elsewhere.length > 0 && !slice_equal(crisis->routine_elsewhere, crisis->routine_services);
    bool emergency =
        crisis->emergency_elsewhere.length > 0 && !slice_equal(crisis->emergency_elsewhere, crisis->emergency_services);
    struct slice routine_words = page_text_of(frame->language, "elsewhere.routine.", crisis->routine_elsewhere);
    struct slice emergency_words = page_text_of(frame->language, "elsewhere.emergency.", crisis->emergency_elsewhere);
    if (routine && emergency) {
        return page_made(&frame->model, arena_printf(frame->model.arena, "%.*s %.*s", SLICE_ARGS(routine_words),
                                                     SLICE_ARGS(emergency_words)));
    }
    return routine ? routine_words : emergency ? emergency_words : SLICE("");
}

void page_frame_facts(struct page_frame *frame, struct page_value *object, const struct crisis_view *crisis)
{
    struct page_model *model = &frame->model;
    char advisory[sizeof("advisory.4.detail")] = "advisory.0.detail";
    struct slice detail = SLICE("");
    const struct page_field country = {"country", crisis->country_name};
    char level = (char)('0' + (crisis->advisory_level <= 9 ? crisis->advisory_level : 0));
    struct slice posture =
        page_made(model, arena_printf(model->arena, "%.*s.detail",
                                      SLICE_ARGS(vocabulary_name(&vocabulary_posture, crisis->posture))));
    advisory[sizeof("advisory.") - 1] = level;
    page_set(model, object, "country", crisis->country_name);
    page_set(model, object, "routine", page_text_of(frame->language, "routine.", crisis->routine_services));
    page_set(model, object, "emergency", page_text_of(frame->language, "emergency.", crisis->emergency_services));
    page_set(model, object, "posture", page_text_of(frame->language, "posture.", posture));
    struct slice elsewhere = elsewhere_words(frame, crisis);
    page_set(model, object, "services", elsewhere);
    page_set_flag(model, object, "elsewhere", elsewhere.length > 0);
    page_set(model, object, "advisory", page_text_of(frame->language, "advisory.", slice_make(&level, 1)));
    bool detailed = page_text_find(frame->language, slice_of(advisory), &detail);
    page_set(model, object, "advisory_detail", detailed ? page_words(frame, advisory, &country, 1) : SLICE(""));
    page_set(model, object, "evacuation", page_text_of(frame->language, "evacuation.", crisis->evacuation));
    page_set(model, object, "message", crisis->message);
    page_set(model, object, "message_language",
             crisis->message_language.length > 0 ? crisis->message_language : frame->language->tag);
    page_set(model, object, "phone", crisis->emergency_phone);
    page_set(model, object, "time", page_time_words(frame, crisis->updated_at_us));
}

void page_frame_init(struct page_frame *frame, const struct page_request *request, const struct crisis_view *crisis,
                     bool language_links)
{
    *frame = (struct page_frame){
        .model = {.arena = request->arena}, .language = request->language, .now_us = request->now_us};
    if (crisis != NULL && country_clock_offset(crisis->country_code, &frame->clock.minutes)) {
        frame->clock.city = crisis->post_name;
    }
    struct page_model *model = &frame->model;
    frame->root = page_object(model);
    page_set(model, frame->root, "lang", request->language->tag);
    page_set(model, frame->root, "dir", request->language->direction);
    page_set(model, frame->root, "q", page_link_query(model, request->language, request->crisis));
    page_set_flag(model, frame->root, "failed", false);
    page_set_flag(model, frame->root, "inlined", false);
    page_set_flag(model, frame->root, "languages", false);
    page_set_flag(model, frame->root, "crisis", false);
    page_set(model, frame->root, "country", crisis != NULL ? crisis->country_name : SLICE(""));
    if (language_links) {
        set_languages(frame, request);
    }
    if (crisis != NULL) {
        page_frame_facts(frame, page_set_object(model, frame->root, "crisis"), crisis);
    }
}

void page_frame_title(struct page_frame *frame, const char *key, struct slice case_code)
{
    const struct page_value *country = frame->root != NULL ? page_value_member(frame->root, SLICE("country")) : NULL;
    const struct page_field fields[] = {
        {"country", country != NULL ? page_value_text(country) : SLICE("")},
        {"case", case_code},
    };
    page_set(&frame->model, frame->root, "title", page_words(frame, key, fields, sizeof(fields) / sizeof(fields[0])));
}

void page_frame_render(const struct page_frame *frame, struct buffer *out, const char *template_name)
{
    page_render(out, page_template_find(template_name), frame->language, &frame->model, frame->root);
}
