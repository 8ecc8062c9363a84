/* SPDX-License-Identifier: Apache-2.0
 * Reading a text message: fold and cut, take out what has a form of its own (position, case code, numbers of people), find
 * the phrases of the tables, and hear them in order, with what denies them. In doubt between safe and help, it is help. */
#include "domain/sms.h"

#include "domain/sms_code.h"
#include "domain/sms_extract.h"
#include "domain/sms_position.h"
#include "domain/sms_spelling.h"
#include "domain/sms_text.h"
#include "domain/sms_words.h"

/* How many words a denial reaches: "I do not think that we are safe". */
enum { DENIAL_REACH = 7, BESIDE_CHOICE_MAX = 2 };

enum denial { DENIAL_NONE, DENIAL_NOT, DENIAL_NO };

struct listener {
    struct sms_reading *reading;
    unsigned statuses; /* 1 << enum check_in_status, all that were said */
    bool safe;
    bool wish; /* something is asked for, whatever it is */
    bool lack; /* a supply is asked for, or is not there */
    bool unsure;
    bool stop;
    bool start;
    bool guessed;      /* some word counted that was not typed so */
    bool guessed_safe; /* and it said that all is well */
    /* Of the statement being heard: */
    enum denial denial;
    unsigned reach;     /* words until it is spent */
    bool near;          /* only fillers between it and this word: strong enough to take back a cry for help */
    bool dangling;      /* nothing but it was heard since */
    enum denial denied; /* what the last word was denied by, for "or" */
    bool request;
    bool request_denied;
    bool supply;
    bool said_safe;
};

static void end_statement(struct listener *l)
{
    if (l->dangling && (l->said_safe || (l->safe && l->denial == DENIAL_NOT))) {
        l->statuses |= 1U << STATUS_NEED_HELP; /* "safe no", "I am well, but not my son" */
    }
    l->denial = DENIAL_NONE;
    l->near = false;
    l->dangling = false;
    l->denied = DENIAL_NONE;
    l->request = false;
    l->request_denied = false;
    l->supply = false;
    l->said_safe = false;
}

/* A denial that was only guessed turns "safe" into help, but never takes help back. */
static void start_denial(struct listener *l, enum denial denial, bool guessed)
{
    l->denial = denial;
    l->reach = DENIAL_REACH;
    l->near = !guessed;
    l->dangling = true;
}

/* Spends the denial in force. To turn "safe" into help a far one does; to take help back only a near one. */
static bool is_denied(struct listener *l, bool near_only)
{
    bool denied = l->denial != DENIAL_NONE && (l->near || !near_only);
    l->denied = denied ? l->denial : DENIAL_NONE;
    if (denied || l->near) {
        l->denial = DENIAL_NONE;
    }
    return denied;
}

static void hear_well(struct listener *l, const struct sms_row *row, bool asked, bool guessed)
{
    if (asked) {
        l->unsure = true; /* "is everybody safe?" */
        (void)is_denied(l, false);
    } else if (is_denied(l, false)) {
        l->statuses |= 1U << (row->meaning == SMS_SAFE ? STATUS_IN_DANGER : STATUS_NEED_HELP);
    } else if (row->meaning != SMS_GOOD) {
        l->safe = true;
        l->said_safe = true;
        l->guessed_safe = l->guessed_safe || guessed;
    }
}

static void hear_status(struct listener *l, const struct sms_row *row)
{
    bool denied = is_denied(l, true);
    if (row->value == STATUS_NEED_HELP && l->request_denied) {
        l->safe = true; /* "we do not need any more help" */
        return;
    }
    /* "No help" has not come: only "not needed" takes help back. */
    if (!denied || row->value == STATUS_NEED_HELP) {
        l->statuses |= 1U << row->value;
        l->reading->needs |= row->needs;
    }
}

/* "No water" is a lack as "need water" is; "do not need water" is none. */
static void hear_supply(struct listener *l, const struct sms_row *row)
{
    bool denied = is_denied(l, true);
    if (l->request_denied) {
        return;
    }
    l->reading->needs |= row->needs;
    l->supply = true;
    l->lack = l->lack || denied || l->request;
}

static void hear_request(struct listener *l)
{
    bool denied_by_not = l->denial == DENIAL_NOT;
    if (is_denied(l, true) && denied_by_not) {
        l->request_denied = true;
        return;
    }
    l->request = true;
    l->wish = true;
    l->lack = l->lack || l->supply; /* "insulin finished" */
}

static void hear_condition(struct listener *l, const struct sms_row *row)
{
    if (is_denied(l, true)) {
        return;
    }
    l->reading->needs |= row->needs;
    l->reading->trapped = l->reading->trapped || row->meaning == SMS_TRAPPED;
    l->reading->under_fire = l->reading->under_fire || row->meaning == SMS_UNDER_FIRE;
    l->reading->wants_evacuation = l->reading->wants_evacuation || row->meaning == SMS_EVACUATE;
}

static void hear_subject(struct listener *l)
{
    l->near = false;
    l->denied = DENIAL_NONE;
    if (l->denial == DENIAL_NO) {
        l->denial = DENIAL_NONE; /* "no internet we are safe" */
    }
}

/* Says nothing about how anyone is. */
static bool is_idle_meaning(enum sms_meaning meaning)
{
    return meaning == SMS_FILLER || meaning == SMS_SUBJECT || meaning == SMS_PREPOSITION || meaning == SMS_CODE_LABEL ||
           meaning == SMS_WE_ARE;
}

static bool is_idle(const struct sms_row *row)
{
    return row != NULL && is_idle_meaning(row->meaning);
}

static void hear(struct listener *l, const struct sms_row *row, bool asked, bool guessed)
{
    bool idle = is_idle_meaning(row->meaning);
    if (!idle || l->denial == DENIAL_NO) {
        l->dangling = false; /* a "not" hangs on over "my son" */
    }
    l->guessed = l->guessed || (guessed && !idle);
    switch (row->meaning) {
    case SMS_NOT:
        start_denial(l, DENIAL_NOT, guessed);
        break;
    case SMS_NO:
        start_denial(l, DENIAL_NO, guessed);
        break;
    case SMS_OR:
        if (l->denied != DENIAL_NONE) {
            start_denial(l, l->denied, guessed);
        }
        break;
    case SMS_BUT:
        end_statement(l);
        break;
    case SMS_SUBJECT:
    case SMS_WE_ARE:
        hear_subject(l);
        break;
    case SMS_SAFE:
    case SMS_WELL:
    case SMS_GOOD:
    case SMS_NO_HELP:
        hear_well(l, row, asked, guessed);
        break;
    case SMS_STATUS:
        hear_status(l, row);
        break;
    case SMS_SUPPLY:
        hear_supply(l, row);
        break;
    case SMS_REQUEST:
        hear_request(l);
        break;
    case SMS_CONDITION:
    case SMS_TRAPPED:
    case SMS_UNDER_FIRE:
    case SMS_EVACUATE:
        hear_condition(l, row);
        break;
    case SMS_STOP:
        l->stop = l->stop || !is_denied(l, true);
        break;
    case SMS_START:
        l->start = l->start || !is_denied(l, true);
        break;
    case SMS_UNSURE:
        l->unsure = true;
        break;
    case SMS_FILLER:
    case SMS_PREPOSITION:
    case SMS_CODE_LABEL:
    case SMS_PEOPLE:
    case SMS_ADULTS:
    case SMS_CHILDREN:
    case SMS_UNIT:
    case SMS_NUMBER:
    case SMS_ORDINARY:
        break;
    }
}

/* A word that nothing understood, or that another extractor took. */
static void pass_word(struct listener *l)
{
    l->near = false;
    l->dangling = false;
    l->denied = DENIAL_NONE;
}

static bool is_guessed(const struct sms_text *text, size_t first, size_t words)
{
    for (size_t i = first; i < first + words; i++) {
        if (text->tokens[i].meant > 0) {
            return true;
        }
    }
    return false;
}

static void listen(struct listener *l, const struct sms_text *text)
{
    for (size_t i = 0; i < text->count;) {
        const struct sms_token *token = &text->tokens[i];
        size_t words = token->words > 0 ? token->words : 1;
        if (token->words > 0) {
            hear(l, token->row, token->asked, is_guessed(text, i, words));
        } else {
            pass_word(l);
        }
        l->reach = l->reach > words ? l->reach - (unsigned)words : 0;
        if (l->reach == 0) {
            l->denial = DENIAL_NONE;
        }
        i += words;
        if (text->tokens[i - 1].gap >= SMS_GAP_BREAK) {
            end_statement(l);
        }
    }
    end_statement(l);
}

static bool is_said(const struct listener *l, enum check_in_status status)
{
    return (l->statuses & 1U << status) != 0;
}

/* What was said most urgently. Whoever names a need or wants out, and does not say that they are well, asks for help. */
static void decide(const struct listener *l, struct sms_reading *reading)
{
    const struct {
        bool holds;
        enum check_in_status status;
    } order[] = {
        {is_said(l, STATUS_INJURED), STATUS_INJURED},
        {is_said(l, STATUS_IN_DANGER) || reading->trapped || reading->under_fire, STATUS_IN_DANGER},
        {is_said(l, STATUS_NEED_HELP) || l->lack, STATUS_NEED_HELP},
        {is_said(l, STATUS_MOVING), STATUS_MOVING},
        {is_said(l, STATUS_DEPARTED), STATUS_DEPARTED},
        {l->safe, STATUS_SAFE},
        {reading->needs != 0 || reading->wants_evacuation || l->wish, STATUS_NEED_HELP},
    };
    for (size_t i = 0; !reading->has_status && i < sizeof(order) / sizeof(order[0]); i++) {
        reading->has_status = order[i].holds;
        reading->status = order[i].status;
    }
    if (!reading->has_status) {
        reading->status = STATUS_SAFE;
    }
}

/* "1" and "2" are statuses when nothing else is said; a case code or a place may stand beside them. */
/* "2 STOP" answers a broadcast, and ends the next ones. */
static bool is_choice(const struct sms_row *row)
{
    return row != NULL && (row->meaning == SMS_STOP || row->meaning == SMS_START);
}

static void read_digit(struct sms_text *text, struct sms_reading *reading)
{
    struct sms_token *only = NULL;
    struct slice word = {NULL, 0};
    for (size_t i = 0; i < text->count; i++) {
        struct sms_token *token = &text->tokens[i];
        if (token->used || is_idle(token->row) || is_choice(token->row)) {
            continue;
        }
        if (only != NULL) {
            return;
        }
        only = token;
        word = sms_text_word(text, i);
    }
    bool safe = slice_equal(word, SLICE("1"));
    if (safe || slice_equal(word, SLICE("2"))) {
        only->used = true;
        reading->has_status = true;
        reading->status = safe ? STATUS_SAFE : STATUS_NEED_HELP;
    }
}

static void read_position(struct sms_text *text, struct sms_reading *reading)
{
    struct sms_position position;
    if (sms_position_find(sms_text_folded(text), &position)) {
        reading->location.given = true;
        reading->location.has_position = true;
        reading->location.lat = position.lat;
        reading->location.lon = position.lon;
        sms_text_use(text, position.from, position.to);
    }
}

/* Words that say something, besides STOP and START. */
static size_t count_beside_choice(const struct sms_text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->count; i++) {
        const struct sms_token *token = &text->tokens[i];
        count += token->used || is_idle(token->row) || is_choice(token->row) ? 0U : 1U;
    }
    return count;
}

static bool is_left_over(const struct sms_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        if (!text->tokens[i].used && text->tokens[i].row == NULL) {
            return true;
        }
    }
    return false;
}

static bool is_arabic_letter(struct slice word)
{
    unsigned char lead = word.length > 0 ? (unsigned char)word.data[0] : 0;
    return lead >= 0xD8 && lead <= 0xDB;
}

static size_t place_of_arabic(void)
{
    for (size_t i = 0; i < sms_words_table_count; i++) {
        if (slice_equal(slice_of(sms_words_lexicon(i)->language), SLICE("ar"))) {
            return i;
        }
    }
    return SMS_ANY;
}

/* The table that most words stand in, when one has more than any other. Words of Arabic letters count for Arabic even when
 * no table has them. */
static void guess_language(const struct sms_text *text, struct sms_reading *reading)
{
    unsigned scores[SMS_LEXICONS_MAX] = {0};
    size_t best = SMS_ANY;
    bool tie = true;
    for (size_t i = 0; i < text->count; i++) {
        const struct sms_token *token = &text->tokens[i];
        for (size_t j = SMS_ANY + 1; j < sms_words_table_count; j++) {
            scores[j] += token->languages >> j & 1U;
        }
        if (token->row == NULL && !token->used && is_arabic_letter(sms_text_word(text, i))) {
            scores[place_of_arabic()]++;
        }
    }
    for (size_t i = SMS_ANY + 1; i < sms_words_table_count; i++) {
        if (scores[i] >= scores[best] && scores[i] > 0) {
            tie = scores[i] == scores[best];
            best = i;
        }
    }
    const char *language = sms_words_lexicon(tie ? SMS_ANY : best)->language;
    for (size_t i = 0; i + 1 < sizeof(reading->language) && language[i] != '\0'; i++) {
        reading->language[i] = language[i];
    }
}

static enum sms_certainty certainty_of(const struct listener *l, const struct sms_reading *reading)
{
    bool torn = l->safe && reading->has_status && reading->status != STATUS_SAFE &&
                reading->status != STATUS_DEPARTED && reading->status != STATUS_MOVING;
    if (l->guessed || l->unsure || torn) {
        return SMS_GUESSED;
    }
    return reading->left_over ? SMS_LIKELY : SMS_SURE;
}

/* Words of `names` are taken for no other word. True when one of them may be a cry for all that. */
static bool read_with(struct slice original, const struct gazetteer *gazetteer, const struct gazetteer *names,
                      struct sms_reading *reading)
{
    struct sms_text text;
    struct listener listener = {.reading = reading};
    bool hides = false;
    *reading = (struct sms_reading){.has_status = false};
    sms_text_read(&text, original);
    read_position(&text, reading);
    sms_text_match(&text);
    sms_case_extract(&text, reading);
    if (sms_spelling_correct(&text, names, &hides)) {
        sms_place_keep(&text, gazetteer);
        sms_text_match_again(&text);
    }
    sms_place_extract(&text, gazetteer, reading);
    sms_people_extract(&text, reading);
    listen(&listener, &text);
    decide(&listener, reading);
    if (!reading->has_status && !listener.unsure) {
        read_digit(&text, reading);
    }
    bool help = reading->has_status && reading->status != STATUS_SAFE;
    /* Only when nothing else was said: "arrêt cardiaque" is a cry that no table knows. With a case code it is about somebody else's phone, perhaps. */
    bool alone = !help && !reading->has_case && !reading->case_mistyped && !is_left_over(&text) &&
                 count_beside_choice(&text) <= BESIDE_CHOICE_MAX;
    reading->stop = listener.stop && alone;
    reading->start = listener.start && !listener.stop && alone;
    reading->asks_code = !reading->has_status && !reading->has_case && sms_code_asked(original);
    reading->left_over =
        listener.unsure || listener.guessed_safe || original.length > SMS_TEXT_MAX || is_left_over(&text);
    reading->certainty = certainty_of(&listener, reading);
    guess_language(&text, reading);
    return hides;
}

static unsigned urgency_of(const struct sms_reading *reading)
{
    static const unsigned of[] = {[STATUS_NEED_HELP] = 1,
                                  [STATUS_IN_DANGER] = 2,
                                  [STATUS_INJURED] = 3,
                                  [STATUS_MOVING] = 0,
                                  [STATUS_DEPARTED] = 0};
    return reading->has_status ? of[reading->status] : 0;
}

static bool cries_louder(const struct sms_reading *one, const struct sms_reading *other)
{
    return urgency_of(one) > urgency_of(other) || (one->needs & ~other->needs) != 0 ||
           (one->trapped && !other->trapped) || (one->under_fire && !other->under_fire) ||
           (one->wants_evacuation && !other->wants_evacuation);
}

void sms_read_in(struct slice original, const struct gazetteer *gazetteer, struct sms_reading *reading)
{
    struct sms_reading cry;
    if (!read_with(original, gazetteer, gazetteer, reading)) {
        return;
    }
    /* A landmark is called "Hellp", and somebody calls so. In doubt it is help; where it is stays what the name says. */
    (void)read_with(original, gazetteer, gazetteer_shipped(gazetteer), &cry);
    if (cries_louder(&cry, reading)) {
        cry.location = cry.location.given ? cry.location : reading->location;
        *reading = cry;
    }
}

static const struct gazetteer *shipped(void)
{
    return gazetteer_of_country(SLICE("NE"));
}

void sms_read(struct slice original, struct sms_reading *reading)
{
    sms_read_in(original, shipped(), reading);
}

/* Every way to write a position has a digit in it or, a plus code, a plus sign. */
static bool may_hold_position(struct slice folded)
{
    for (size_t i = 0; i < folded.length; i++) {
        if ((folded.data[i] >= '0' && folded.data[i] <= '9') || folded.data[i] == '+') {
            return true;
        }
    }
    return false;
}

static bool names_danger(const struct sms_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        const struct sms_row *row = text->tokens[i].row;
        if (row != NULL && (row->meaning == SMS_TRAPPED || row->meaning == SMS_UNDER_FIRE)) {
            return true;
        }
    }
    return false;
}

struct sms_danger sms_read_danger(struct slice original)
{
    struct sms_text text;
    struct sms_reading reading = {.has_status = false};
    bool hides = false;
    sms_text_read(&text, original);
    if (may_hold_position(sms_text_folded(&text))) {
        read_position(&text, &reading); /* its letters are no words */
    }
    sms_text_match(&text);
    /* Whether danger is denied, and what a word typed badly does, depends on all else that is there. */
    if (names_danger(&text) || sms_spelling_correct(&text, shipped(), &hides)) {
        sms_read(original, &reading);
    }
    return (struct sms_danger){reading.trapped, reading.under_fire};
}
