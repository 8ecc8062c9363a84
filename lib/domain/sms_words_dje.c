/* SPDX-License-Identifier: Apache-2.0
 * Zarma words of text messages. */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Help */
    SMS_SAYS("gaakasinay, gaakasiney, gakasinay, gaakasinay no, faaba, faaba ay, faaba ir, wa ir faaba, "
             "wa ay faaba, ir ga faaba ceeci, gaakay, wa ir gaakasinay, wa ay gaakasinay, araka faaba, "
             "si baani, si baani samay, ay si baani, ir si baani, manti baani",
             NEED_HELP),
    SMS_SAYS("kubay, hasaraw", IN_DANGER),
    SMS_SAYS("maray, ay maray, ir maray, kuri ga koy", INJURED),
    /* Well */
    SMS_ROW("baani, bani samay, baani samay, ay go baani, ir go baani, ay go baani samay, ir go baani samay, "
            "sabu, baani no",
            WELL),
    SMS_STATE("doori, doorikom, wiri, lakkal si", MEDICAL_EMERGENCY),
    SMS_THING("safari", MEDICATION),
    SMS_THING("lokotoro, lokotor", MEDICAL_EMERGENCY),
    SMS_THING("hari, nwaari, nwari, heray, jaw", FOOD_WATER),
    SMS_THING("nooru, noru", MONEY),
    SMS_ROW("malfa, wongu, wangu", UNDER_FIRE),
    /* On the move */
    SMS_SAYS("ir go fondo bon, ay go fondo bon, ir ga koy, ay ga koy", MOVING),
    /* Subjects */
    SMS_ROW("ay, ir, ni ya", SUBJECT),
    SMS_ROW("boro, borey", PEOPLE),
    SMS_ROW("zanka, zankey", CHILDREN),
    /* Nothing by themselves */
    SMS_ROW("fofo, go, ga, se, kala, ay se, ir se, mate, mate ni go, irkoy", FILLER),
    /* What people lack */
    SMS_ROW("ba ga, ga ba, ceeci, ga ceeci", REQUEST),
};
/* clang-format on */

const struct sms_lexicon sms_words_dje = {"dje", rows, sizeof(rows) / sizeof(rows[0])};
