/* SPDX-License-Identifier: Apache-2.0
 * Hausa words of text messages. */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Help */
    SMS_SAYS("taimako, taimakon, taimaka, a taimaka, a taimaka mana, a taimaka min, taimaka min, "
             "taimaka mini, taimaka mana, taimake ni, taimake mu, agaji, neman taimako, ina bukatar taimako, "
             "ina bukatan taimako, muna bukatar taimako, muna bukatan taimako, a taimake mu, ku taimake mu, "
             "ku cece mu, ceto, cece ni, gaggawa, da gaggawa, tsoro, jin tsoro, babu lafiya, ba lafiya, "
             "ba lafiya ba, akwai matsala, muna cikin matsala, ina cikin matsala",
             NEED_HELP),
    SMS_SAYS("hadari, cikin hadari, ha dari, cikin ha dari, hatsari, cikin hatsari, muna cikin hadari, ina cikin "
             "hadari, yan bindiga, yan ta adda, barazana, "
             "gobara, muna boye, ina boye",
             IN_DANGER),
    SMS_SAYS("rauni, raunuka, na ji rauni, mun ji rauni, ya ji rauni, ta ji rauni, an ji mini rauni, jini, "
             "karaya",
             INJURED),
    SMS_GRAVE("an kai mana hari, hari aka kai, fyade, an doke ni", IN_DANGER, VIOLENCE),
    {"an sace, an sace ni, garkuwa", SMS_STATUS, STATUS_IN_DANGER, SMS_NEEDS(DETAINED) | SMS_NEEDS(VIOLENCE)},
    /* Well */
    SMS_ROW("lafiya, lafiya lau, lafiya kalau, ina lafiya, muna lafiya, kalau, lau, da sauki, komai lafiya, "
            "duk lafiya",
            WELL),
    SMS_ROW("cikin aminci, aminci, mun tsira, na tsira, muna cikin tsaro, babu hadari", SAFE),
    /* No help wanted */
    SMS_ROW("ba ma bukatar taimako, ba na bukatar taimako, bana bukatar taimako, bama bukatar taimako", NO_HELP),
    /* On the move */
    SMS_SAYS("muna tafiya, ina tafiya, a hanya, muna kan hanya, ina kan hanya, zuwa iyaka, mun tafi", MOVING),
    SMS_SAYS("mun bar nijar, na bar nijar, mun fita nijar, mun ketare iyaka", DEPARTED),
    /* What people lack */
    SMS_ROW("bukata, bukatar, bukatan, buk ata, buk atar, ya k are, ina bukata, muna bukata, ina bukatar, muna "
            "bukatar, ina son, "
            "muna son, kare, ya kare, ta kare, sun kare",
            REQUEST),
    SMS_THING("magani, maganin, magunguna, insulin dina, ciwon sukari", MEDICATION),
    SMS_THING("asibiti, likita", MEDICAL_EMERGENCY),
    SMS_STATE("ba ni da lafiya, bani da lafiya, ba shi da lafiya, bashi da lafiya, ba ta da lafiya, "
              "bata da lafiya, rashin lafiya, ciwo, zazzabi, haihuwa, mutuwa, suma, nakuda",
              MEDICAL_EMERGENCY),
    SMS_STATE("mai ciki, mai juna biyu, tana da ciki, juna biyu", PREGNANT),
    SMS_STATE("jariri, jarirai, jaririya", INFANT),
    SMS_STATE("an kama, an kama ni, an kama shi, an kama mu, kurkuku, an tsare", DETAINED),
    SMS_THING("ruwa, abinci, yunwa, kishirwa", FOOD_WATER),
    SMS_THING("mafaka, wurin kwana, masauki", SHELTER),
    SMS_THING("kudi, kudin", MONEY),
    SMS_THING("fasfo, takardu", DOCUMENTS),
    SMS_THING("mota, man fetur, fetur", TRANSPORT),
    /* Closed in, weapons */
    SMS_ROW("makale, mun makale, na makale, ba za mu iya fita ba, ba mu iya fita, ba zan iya fita ba, "
            "an kewaye mu, kewaye",
            TRAPPED),
    SMS_ROW("harbi, harbe harbe, bindiga, bam, bama bamai, ana harbi, yaki", UNDER_FIRE),
    SMS_ROW("a kwashe mu, kwashe mu, a fitar da mu, fitar da mu, muna son fita, ina son fita", EVACUATE),
    /* Denials */
    SMS_ROW("ba, ba a, ba mu, ba na, bana", NOT),
    SMS_ROW("babu, ba ni da, bani da, ba mu da, bamu da, rashin", NO),
    SMS_ROW("amma, sai dai", BUT),
    /* People */
    SMS_ROW("mu, mu ne, muna, muna da", WE_ARE),
    SMS_ROW("mutane, mutum, mutun", PEOPLE),
    SMS_ROW("yara, yaro, yarinya, ya ya", CHILDREN),
    /* Where */
    {"a cikin, kusa da, ina", SMS_PREPOSITION, 1, 0},
    {"zuwa, daga", SMS_PREPOSITION, 0, 0},
    /* Nothing by themselves */
    SMS_ROW("don allah, dan allah, na gode, mun gode, nagode, sannu, barka, salam, salamu alaikum, ni, na, "
            "ne, ce, da, yana, tana, suna, yanzu, yau, jiya, gobe, nan, gida, iyali, iyalina, matata, "
            "mijina, dana, duka, nawa, sosai, saboda, akwai, kuma, garin, gari, anan, ta, ya, mai",
            FILLER),
    SMS_COUNT_OF("biyu", 2),
    SMS_COUNT_OF("uku", 3),
    SMS_COUNT_OF("hudu", 4),
    SMS_COUNT_OF("biyar", 5),
    SMS_COUNT_OF("shida", 6),
    SMS_COUNT_OF("bakwai", 7),
    SMS_COUNT_OF("takwas", 8),
    SMS_COUNT_OF("tara", 9),
    SMS_COUNT_OF("goma", 10),
    /* An end to broadcasts */
    SMS_ROW("tsaya, daina", STOP),
};
/* clang-format on */

const struct sms_lexicon sms_words_ha = {"ha", rows, sizeof(rows) / sizeof(rows[0])};
