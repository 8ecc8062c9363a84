/* SPDX-License-Identifier: Apache-2.0
 * Choosing and filling the reply's text. */
#include "edge/sms_reply.h"

#include "core/buffer.h"
#include "core/case_code.h"
#include "domain/triage.h"
#include "page/language.h"
#include "page/text.h"

enum { REPLY_MAX = 600 };

/* In order of what the sender most needs to hear. */
static const char *reply_key(const struct sms_reading *reading, const struct sms_outcome *outcome)
{
    bool cry =
        outcome->band != BAND_NONE && outcome->band <= BAND_STANDARD && (reading->has_status || reading->needs != 0);
    if (outcome->stored_only) {
        return outcome->code_kept ? "sms.code_kept" : "sms.kept";
    }
    if (outcome->in_conversation) {
        return outcome->messages <= 1 ? "sms.cry_heard" : "sms.noted";
    }
    if (cry) {
        return outcome->known ? "sms.help" : "sms.help_unknown";
    }
    if (reading->asks_code) {
        return "sms.code_asked";
    }
    if (reading->case_mistyped && !reading->has_case) {
        return "sms.case_mistyped";
    }
    if (!reading->has_status && !reading->stop && !reading->start) {
        return outcome->known ? "sms.not_understood" : "sms.unknown_sender";
    }
    if (reading->stop) {
        return "sms.stop";
    }
    if (reading->start) {
        return "sms.start";
    }
    return outcome->known ? "sms.safe" : "sms.safe_unknown";
}

/* NULL for none. */
static const char *question_key(const struct sms_outcome *outcome)
{
    static const char *const keys[] = {
        [SMS_ASK_NOTHING] = NULL,
        [SMS_ASK_WHERE] = "sms.ask_where",
        [SMS_ASK_HOW_MANY] = "sms.ask_how_many",
        [SMS_ASK_WHO] = "sms.ask_who",
    };
    return outcome->in_conversation && !outcome->stored_only ? keys[outcome->ask] : NULL;
}

struct slice sms_reply(struct arena *arena, const struct sms_reading *reading, const struct sms_outcome *outcome,
                       struct slice language)
{
    struct buffer out;
    char code[CASE_CODE_TEXT_SIZE + 1];
    const struct page_language *spoken = page_language_find(language);
    const struct page_field fields[] = {{"case", case_code_format(outcome->registration_id, code)}};
    const char *question = question_key(outcome);
    spoken = spoken != NULL ? spoken : page_language_at(0);
    buffer_init(&out, REPLY_MAX);
    page_format(&out, spoken, reply_key(reading, outcome), fields, 1);
    if (question != NULL) {
        buffer_add_byte(&out, ' ');
        page_format(&out, spoken, question, fields, 1);
    }
    struct slice text = out.failed ? SLICE("") : arena_dup(arena, buffer_slice(&out));
    buffer_release(&out);
    return text;
}

struct slice sms_reply_language(const struct sms_reading *reading, const struct crisis_row *crisis)
{
    const struct page_language *spoken = page_language_find(slice_of(reading->language));
    struct slice rest = crisis != NULL ? crisis->languages : SLICE("");
    struct slice tag;
    while (spoken == NULL && slice_split(&rest, ' ', &tag)) {
        spoken = page_language_find(tag);
    }
    return spoken != NULL ? spoken->tag : page_language_at(0)->tag;
}
