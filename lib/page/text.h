/* SPDX-License-Identifier: Apache-2.0
 * Every sentence a person reads, by key, from texts/<language>.po; the build fails when a language lacks one.
 *
 * Keys that code composes: "status.safe", "need.medication", "intent.staying", "category.citizen", "contact_kind.phone",
 * "channel.sms", "queue.emergency", "state.open", "posture.normal" and "posture.normal.detail", "reason.help_asked" (the names of
 * domain/vocabulary.h and triage.h), "band.1" to "band.5", "fault.not_a_date", "problem.404.title", "problem.404.detail",
 * "routine.suspended", "emergency.open", "evacuation.none", "advisory.4". SMS replies, in GSM 7-bit characters: "sms.*". */
#ifndef PAGE_TEXT_H
#define PAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "page/language.h"

/* Static text; the key itself when there is no such key (a programmer's mistake, but never an empty page). */
struct slice page_text(const struct page_language *language, const char *key);
/* Whether the key exists. */
bool page_text_find(const struct page_language *language, struct slice key, struct slice *text);
/* The text of `prefix` and a code ("status.", "safe"); the code itself when we have no words for it. */
struct slice page_text_of(const struct page_language *language, const char *prefix, struct slice code);

struct page_field {
    const char *name;
    struct slice value;
};

/* Adds the text with each {name} replaced by its value; a placeholder without a value stays. Plain text: the caller escapes. */
void page_format(struct buffer *out, const struct page_language *language, const char *key,
                 const struct page_field *fields, size_t count);

/* Whose clock a reader looks at. */
struct page_clock {
    struct slice city; /* "Niamey"; empty: UTC */
    int minutes;       /* east of UTC */
};

/* "2 August 2023, 18:04 (Niamey time)", "2 août 2023, 18 h 04 (heure de Niamey)"; by no city's clock "2 August 2023, 17:04 UTC". */
void page_time(struct buffer *out, const struct page_language *language, int64_t time_us,
               const struct page_clock *clock);
/* "18:04 today", "tomorrow 14:00", or a date, as seen at `now_us`; the clock is page_clock_name's to tell. */
void page_when(struct buffer *out, const struct page_language *language, int64_t time_us, int64_t now_us,
               const struct page_clock *clock);
/* "Niamey time", "UTC". */
void page_clock_name(struct buffer *out, const struct page_language *language, const struct page_clock *clock);

#endif
