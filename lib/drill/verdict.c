/* SPDX-License-Identifier: Apache-2.0
 * Comparing, record by record. */
#include "drill/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/triage.h"
#include "domain/vocabulary.h"

void verdict_begin(struct verdict *verdict, struct roll *roll, bool ended)
{
    *verdict = (struct verdict){.roll = roll, .ended = ended};
    for (uint32_t i = 0; i < roll->count; i++) {
        roll->records[i].flags &= (uint8_t)~ROLL_SEEN;
    }
}

void verdict_release(struct verdict *verdict)
{
    free(verdict->texts);
    verdict->texts = NULL;
}

static void note(struct verdict *verdict, const struct uuid *id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void note(struct verdict *verdict, const struct uuid *id, const char *format, ...)
{
    if (verdict->listed_count == VERDICT_LISTED_MAX) {
        return;
    }
    struct verdict_problem *problem = &verdict->listed[verdict->listed_count++];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(problem->what, sizeof(problem->what), format, arguments);
    va_end(arguments);
    (void)uuid_format(id, problem->id);
}

/* The record that is shown; NULL when that is a problem already. */
static struct roll_record *show(struct verdict *verdict, const struct uuid *id, bool party)
{
    uint32_t index = roll_find(verdict->roll, id);
    struct roll_record *record = index != ROLL_NOBODY ? &verdict->roll->records[index] : NULL;
    if (record == NULL || (record->kind == KIND_REGISTER) != party) {
        if (verdict->ended) {
            verdict->unheard++;
            note(verdict, id, "in the register, and never sent by this drill");
        }
        return NULL;
    }
    if ((record->flags & ROLL_SEEN) != 0) {
        verdict->twice++;
        note(verdict, id, "more than once in the register");
        return NULL;
    }
    record->flags |= ROLL_SEEN;
    verdict->found++;
    return record;
}

static const char *wrong_party(const struct roll_record *r, int64_t registration_id, bool registered, unsigned size,
                               bool via_journal)
{
    if (!registered) {
        return "its party is not registered";
    }
    if (size != r->people) {
        return "its party has another size";
    }
    if (r->state == ROLL_STORED && r->registration_id != registration_id) {
        return "it has another case code than was answered";
    }
    return r->state == ROLL_STORED && !r->via_journal && via_journal ? "201 was answered, and it came by the journal"
                                                                     : NULL;
}

void verdict_party(struct verdict *verdict, const struct uuid *id, int64_t registration_id, bool registered,
                   unsigned size, bool via_journal)
{
    const struct roll_record *r = show(verdict, id, true);
    const char *wrong = r != NULL ? wrong_party(r, registration_id, registered, size, via_journal) : NULL;
    if (wrong != NULL) {
        verdict->wrong++;
        note(verdict, id, "%s", wrong);
    }
}

/* A sender whom the database does not know is looked for: band 5 where the front door saw none. */
static bool band_fits(unsigned answered, unsigned stored)
{
    return answered == stored || (answered == BAND_NONE && stored == BAND_NON_URGENT);
}

static const char *wrong_check_in(const struct roll_record *r, const struct verdict_check_in *c)
{
    if (r->registration_id != ROLL_UNKNOWN && r->registration_id != c->registration_id) {
        return "it belongs to another party";
    }
    if (!slice_equal(c->status, vocabulary_name(&vocabulary_check_in_status, r->status))) {
        return "it has another status than was sent";
    }
    if (c->people != r->people) {
        return "it is of another number of people than was sent";
    }
    if (r->state == ROLL_STORED && !band_fits(r->band, c->band)) {
        return "it has another band than was answered";
    }
    return r->state == ROLL_STORED && !r->via_journal && c->via_journal ? "201 was answered, and it came by the journal"
                                                                        : NULL;
}

static void keep_text(struct verdict *verdict, const struct verdict_check_in *c)
{
    unsigned status = ROLL_NO_STATUS;
    if (verdict->text_count == verdict->text_capacity) {
        size_t capacity = verdict->text_capacity > 0 ? verdict->text_capacity * 2 : 1024;
        struct verdict_text *texts = realloc(verdict->texts, capacity * sizeof(*texts));
        if (texts == NULL) {
            verdict->failed = true;
            return;
        }
        verdict->texts = texts;
        verdict->text_capacity = capacity;
    }
    (void)vocabulary_find(&vocabulary_check_in_status, c->status, &status);
    verdict->texts[verdict->text_count++] = (struct verdict_text){c->registration_id, status};
}

void verdict_check_in(struct verdict *verdict, const struct verdict_check_in *check_in)
{
    if (check_in->sms) {
        keep_text(verdict, check_in);
        return;
    }
    const struct roll_record *r = show(verdict, &check_in->id, false);
    const char *wrong = r != NULL ? wrong_check_in(r, check_in) : NULL;
    if (wrong != NULL) {
        verdict->wrong++;
        note(verdict, &check_in->id, "%s", wrong);
    }
}

/* --- texts ---------------------------------------------------------------------------------------------------------------- */
struct wanted {
    struct verdict_text text;
    uint32_t index;
    bool must; /* answered: it must be there; else it may */
};

static int compare_texts(const struct verdict_text *x, const struct verdict_text *y)
{
    int parties = (x->registration_id > y->registration_id) - (x->registration_id < y->registration_id);
    return parties != 0 ? parties : (x->status > y->status) - (x->status < y->status);
}

static int compare_found(const void *a, const void *b)
{
    return compare_texts(a, b);
}

/* Those that must be there come first of their like. */
static int compare_wanted(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    int order = compare_texts(&x->text, &y->text);
    return order != 0 ? order : (y->must > x->must) - (y->must < x->must);
}

static size_t gather_texts(const struct verdict *verdict, struct wanted *wanted)
{
    size_t count = 0;
    for (uint32_t i = 0; i < verdict->roll->count; i++) {
        const struct roll_record *r = &verdict->roll->records[i];
        if (r->kind == KIND_TEXT) {
            wanted[count++] = (struct wanted){{r->registration_id, r->status}, i, r->state == ROLL_STORED};
        }
    }
    qsort(wanted, count, sizeof(*wanted), compare_wanted);
    return count;
}

/* Of texts whose party no reply named (they stand first, as ROLL_UNKNOWN is below every number), each takes one of those left over that
 * has its status. */
static void match_unknown(struct verdict *verdict, struct wanted *wanted, size_t count, uint64_t left[])
{
    for (size_t i = 0; i < count && wanted[i].text.registration_id == ROLL_UNKNOWN; i++) {
        uint64_t *of_status = &left[wanted[i].text.status];
        struct uuid id = roll_client_id(verdict->roll, wanted[i].index);
        if (*of_status > 0) {
            --*of_status;
            verdict->found++;
            verdict->roll->records[wanted[i].index].flags |= ROLL_SEEN;
        } else if (wanted[i].must) {
            verdict->lost++;
            note(verdict, &id, "lost: a text that was answered");
        }
    }
}

static void match_texts(struct verdict *verdict, struct wanted *wanted, size_t count,
                        bool (*visible)(void *context, uint32_t index), void *context)
{
    uint64_t left[256] = {0}, extra = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct wanted *w = &wanted[i];
        while (at < verdict->text_count && compare_texts(&verdict->texts[at], &w->text) < 0) {
            left[verdict->texts[at++].status]++;
        }
        if (w->text.registration_id == ROLL_UNKNOWN) {
            continue;
        }
        struct uuid id = roll_client_id(verdict->roll, w->index);
        if (at < verdict->text_count && compare_texts(&verdict->texts[at], &w->text) == 0) {
            at++;
            verdict->found++;
            verdict->roll->records[w->index].flags |= ROLL_SEEN;
        } else if (w->must && visible != NULL && !visible(context, w->index)) {
            verdict->unseen++;
        } else if (w->must) {
            verdict->lost++;
            note(verdict, &id, "lost: a text that was answered, from a known number");
        }
    }
    for (; at < verdict->text_count; at++) {
        left[verdict->texts[at].status]++;
    }
    match_unknown(verdict, wanted, count, left);
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        extra += left[i];
    }
    if (extra > 0 && verdict->ended) {
        verdict->unheard += extra;
        struct uuid none = roll_client_id(verdict->roll, 0);
        note(verdict, &none, "%llu texts of this drill more than were sent, or read otherwise",
             (unsigned long long)extra);
    }
}

static void end_texts(struct verdict *verdict, bool (*visible)(void *context, uint32_t index), void *context)
{
    struct wanted *wanted = calloc((size_t)verdict->roll->count + 1, sizeof(*wanted));
    if (wanted == NULL) {
        verdict->failed = true;
        return;
    }
    size_t count = gather_texts(verdict, wanted);
    if (verdict->text_count > 0) {
        qsort(verdict->texts, verdict->text_count, sizeof(*verdict->texts), compare_found);
    }
    match_texts(verdict, wanted, count, visible, context);
    free(wanted);
}

static void note_refusal(struct verdict *verdict, const struct uuid *id, const struct roll_record *r)
{
    if (r->state == ROLL_REFUSED) {
        note(verdict, id, "refused with %u, though nothing was wrong with it", r->answer);
    } else {
        note(verdict, id, "sent twice, and answered in two ways");
    }
}

void verdict_end(struct verdict *verdict, bool (*visible)(void *context, uint32_t index), void *context)
{
    static const char *const kinds[KIND_COUNT] = {"registration", "check-in", "text"};
    for (uint32_t i = 0; i < verdict->roll->count; i++) {
        const struct roll_record *r = &verdict->roll->records[i];
        struct uuid id = roll_client_id(verdict->roll, i);
        verdict->answered += r->state == ROLL_STORED;
        if (r->state == ROLL_REFUSED || (r->flags & ROLL_DIFFERENT) != 0) {
            verdict->wrong++;
            note_refusal(verdict, &id, r);
        }
        if (r->kind == KIND_TEXT || r->state != ROLL_STORED || (r->flags & ROLL_SEEN) != 0) {
            continue;
        }
        if (visible != NULL && !visible(context, i)) {
            verdict->unseen++;
        } else {
            verdict->lost++;
            note(verdict, &id, "lost: a %s that was answered %s", kinds[r->kind], r->via_journal ? "202" : "201");
        }
    }
    end_texts(verdict, visible, context);
}

bool verdict_is_good(const struct verdict *verdict)
{
    return !verdict->failed && verdict->lost == 0 && verdict->twice == 0 && verdict->wrong == 0 &&
           verdict->unheard == 0;
}
