/* SPDX-License-Identifier: Apache-2.0
 * A short list: more words could be more than a question, and go to a person. */
#include "domain/sms_code.h"

#include <stddef.h>
#include <string.h>

enum { ASKED_MAX = 48 };

static const struct slice phrases[] = {
    SLICE_INIT("code"),           SLICE_INIT("my code"),
    SLICE_INIT("case code"),      SLICE_INIT("my case code"),
    SLICE_INIT("send code"),      SLICE_INIT("send my code"),
    SLICE_INIT("lost code"),      SLICE_INIT("lost my code"),
    SLICE_INIT("i lost my code"), SLICE_INIT("forgot my code"),
    SLICE_INIT("code please"),    SLICE_INIT("mon code"),
    SLICE_INIT("code dossier"),   SLICE_INIT("code svp"),
    SLICE_INIT("code perdu"),     SLICE_INIT("j ai perdu mon code"),
    SLICE_INIT("code oublie"),    SLICE_INIT("lamba"),
    SLICE_INIT("lambata"),        SLICE_INIT("lambar shari a"),
    SLICE_INIT("lambar sharia"),  SLICE_INIT("kodo"),
    SLICE_INIT("ay kodo"),        SLICE_INIT("رمز"),
    SLICE_INIT("الرمز"),          SLICE_INIT("رمزي"),
    SLICE_INIT("رمز الملف"),      SLICE_INIT("كود"),
};

static bool is_part(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

bool sms_code_asked(struct slice text)
{
    char folded[ASKED_MAX];
    size_t length = 0;
    bool blank = false;
    if (text.length > ASKED_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (!is_part((unsigned char)c)) {
            blank = length > 0;
            continue;
        }
        if (blank && length + 1 < sizeof(folded)) {
            folded[length++] = ' ';
        }
        blank = false;
        folded[length++] = c; /* never longer than the text */
    }
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (slice_equal(slice_make(folded, length), phrases[i])) {
            return true;
        }
    }
    return false;
}
