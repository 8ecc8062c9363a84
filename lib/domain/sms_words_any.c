/* SPDX-License-Identifier: Apache-2.0
 * Words of text messages that are the same in every language, or tell none. */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Calls that are the same everywhere */
    SMS_SAYS("hilfe, ayuda, socorro, aiuto, ajuda, sos, s o s, mayday, m aidez, 112, 911", NEED_HELP),
    SMS_SAYS("danger", IN_DANGER),
    /* All is well */
    SMS_ROW("ok, okay, oki, okey, o k, okk", WELL),
    /* An end to broadcasts */
    SMS_ROW("stop, unsubscribe", STOP),
    /* A case code may follow */
    SMS_ROW("code, ref, id, no case", CODE_LABEL),
    /* Things */
    SMS_THING("passport visa, visa", DOCUMENTS),
    SMS_THING("taxi, bus", TRANSPORT),
    /* Being somewhere, in several languages */
    {"a", SMS_PREPOSITION, 1, 0},
    /* Nothing by themselves */
    SMS_ROW("s, m, re, ll, ve, t", FILLER),
    SMS_ROW("gps, position, sms, whatsapp, tel, merci beaucoup", FILLER),
};
/* clang-format on */

const struct sms_lexicon sms_words_any = {"", rows, sizeof(rows) / sizeof(rows[0])};
