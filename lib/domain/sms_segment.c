/* SPDX-License-Identifier: Apache-2.0
 * Counted twice, in septets and in UTF-16 units; the alphabet decides which counts. */
#include "domain/sms_segment.h"

#include <stdint.h>

#include "core/utf8.h"

/* Space filled so far, in segments of one size. */
struct filling {
    size_t one, part; /* units of a message alone, and of a piece */
    size_t units;     /* of all */
    size_t segments;  /* were it in pieces */
    size_t used;      /* of the last piece */
};

static void fill(struct filling *filling, size_t units)
{
    filling->units += units;
    if (filling->segments == 0 || filling->used + units > filling->part) {
        filling->segments++;
        filling->used = 0;
    }
    filling->used += units;
}

static size_t segments_of(const struct filling *filling)
{
    return filling->units <= filling->one ? 1 : filling->segments;
}

static bool stands_in(const char *alphabet, uint32_t c)
{
    struct slice rest = slice_of(alphabet);
    uint32_t one = 0;
    while (utf8_next(&rest, &one)) {
        if (one == c) {
            return true;
        }
    }
    return false;
}

/* 0: not of the alphabet. */
static size_t septets_of(uint32_t c)
{
    static const char beyond_ascii[] = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    static const char extension[] = "\f^{}\\[~]|€";
    bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter_or_digit || c == '\n' || c == '\r' || (c < 0x80 && stands_in(" @$_!\"#%&'()*+,-./:;<=>?", c))) {
        return 1;
    }
    return stands_in(extension, c) ? 2 : c >= 0x80 && stands_in(beyond_ascii, c) ? 1 : 0;
}

struct sms_size sms_segment_count(struct slice text)
{
    struct filling gsm = {.one = SMS_GSM_ONE, .part = SMS_GSM_PART};
    struct filling ucs2 = {.one = SMS_UCS2_ONE, .part = SMS_UCS2_PART};
    bool is_gsm = true;
    uint32_t c = 0;
    while (text.length > 0) {
        if (!utf8_next(&text, &c)) { /* no text: it is sent as U+FFFD */
            c = 0xFFFD;
            text = slice_sub(text, 1, text.length);
        }
        size_t septets = septets_of(c);
        is_gsm = is_gsm && septets > 0;
        fill(&gsm, septets);
        fill(&ucs2, c > 0xFFFF ? 2 : 1);
    }
    return is_gsm ? (struct sms_size){false, gsm.units, segments_of(&gsm)}
                  : (struct sms_size){true, ucs2.units, segments_of(&ucs2)};
}
