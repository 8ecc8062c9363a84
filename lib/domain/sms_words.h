/* SPDX-License-Identifier: Apache-2.0
 * The words that text messages are read for: a table a language, and the index over all of them.
 *
 * The tables are text, lib/domain/words/XX.words, and become C when the service is built (cmd/dev/embed_words.py); who adds
 * words or a language touches no C (docs/languages.md). A unit test refuses what the reader would not find. */
#ifndef DOMAIN_SMS_WORDS_H
#define DOMAIN_SMS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/vocabulary.h"

enum sms_meaning {
    SMS_FILLER,     /* understood, says nothing: it only tells the language */
    SMS_SUBJECT,    /* as filler, and a new statement begins with it ("we", "je"): ends the reach of "no" */
    SMS_BUT,        /* as filler, and ends the reach of any negation */
    SMS_OR,         /* "not injured or trapped": the negation reaches on */
    SMS_NOT,        /* denies what is said next */
    SMS_NO,         /* denies the thing named next: no water, nobody hurt */
    SMS_SAFE,       /* secure; denied: in danger */
    SMS_WELL,       /* fine; denied: help */
    SMS_GOOD,       /* says nothing ("well, ..."); denied: help */
    SMS_NO_HELP,    /* says outright that no help is needed */
    SMS_STATUS,     /* value: a check_in_status other than safe; denied: says nothing */
    SMS_SUPPLY,     /* a thing one can lack, `needs` */
    SMS_CONDITION,  /* something people are or suffer, `needs`; denied: says nothing */
    SMS_REQUEST,    /* need, want, lack, finished: turns a supply into a call for help */
    SMS_TRAPPED,    /* denied: says nothing */
    SMS_UNDER_FIRE, /* denied: says nothing */
    SMS_EVACUATE,   /* denied: says nothing */
    SMS_STOP,       /* no more broadcasts */
    SMS_START,      /* broadcasts again */
    SMS_UNSURE,     /* has "safe" in it but does not say it: a person must read this */
    SMS_CODE_LABEL, /* a case code may follow */
    SMS_WE_ARE,     /* a number of people may follow; also a subject */
    SMS_PEOPLE,     /* counts everybody: people, persons */
    SMS_ADULTS,     /* counts some of them */
    SMS_CHILDREN,   /* counts some of them */
    SMS_UNIT,       /* of distance or time: the number before it counts no people */
    SMS_NUMBER,     /* value: a number word */
    SMS_ORDINARY,   /* not understood, only known: never taken for another word that was typed badly */
    SMS_PREPOSITION, /* a place name may follow; value 1: one is there, 0: one goes there or comes from there; else a filler */
};

struct sms_row {
    const char *phrases; /* parted by commas; each at most SMS_PHRASE_MAX words */
    enum sms_meaning meaning;
    unsigned value;
    uint32_t needs; /* NEED_BIT of each that the words say */
};

struct sms_lexicon {
    const char *language; /* "en", ...; "" for words that tell no language */
    const struct sms_row *rows;
    size_t count;
};

enum { SMS_ANY }; /* the place of the table that tells no language; the others follow in the order their files say */
enum { SMS_PHRASE_MAX = 6, SMS_PHRASES_MAX = 8192, SMS_BUCKETS = 4096, SMS_LEXICONS_MAX = 8 };

/* Made from lib/domain/words. A language's place breaks ties when guessing the sender's. */
extern const struct sms_lexicon sms_words_table[];
extern const size_t sms_words_table_count; /* at most SMS_LEXICONS_MAX */

/* NULL past the end. */
const struct sms_lexicon *sms_words_lexicon(size_t place);

/* A phrase of a table, chained with the others whose first word has its hash. */
struct sms_phrase {
    const char *text;
    const struct sms_row *row;
    uint16_t next;   /* 1-based; 0 ends the chain */
    uint8_t length;  /* bytes */
    uint8_t first;   /* bytes of its first word */
    uint8_t lexicon; /* its place */
};

/* Every phrase whose first word may be `word`: the first, then each further one; NULL at the end. */
const struct sms_phrase *sms_words_first(struct slice word);
const struct sms_phrase *sms_words_next(const struct sms_phrase *phrase);
/* Phrases in all tables, for a test of the limit. */
size_t sms_words_count(void);

#endif
