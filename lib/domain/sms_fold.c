/* SPDX-License-Identifier: Apache-2.0
 * Folding one code point of a text message: the tables of what looks, sounds or is typed alike. */
#include "domain/sms_text.h"

#include <string.h>

#include "core/utf8.h"

/* U+00C0 to U+017F without their marks; a blank where no letter is. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
enum { LATIN_FIRST = 0xC0, LATIN_LAST = 0x17F };
_Static_assert(sizeof(latin) - 1 == LATIN_LAST - LATIN_FIRST + 1, "one letter a code point");

/* Runs of code points with one reading; the first that holds counts. */
static const struct {
    uint32_t first;
    uint32_t last;
    const char *folded;
} readings[] = {
    {0x00, 0x09, " "},      {0x0A, 0x0A, "\n"},          {0x0B, 0x0C, " "},
    {0x0D, 0x0D, "\n"},     {0x0E, 0x1F, " "},           {0x7F, 0xA0, " "},
    {0xAD, 0xAD, ""},       {0xB0, 0xB0, "*"},           {0xB4, 0xB4, "'"},
    {0xBA, 0xBA, "*"},      {0xBF, 0xBF, " "},           {0xA1, 0xBF, " "},
    {0xC6, 0xC6, "ae"},     {0xE6, 0xE6, "ae"},          {0xDF, 0xDF, "ss"},
    {0x152, 0x153, "oe"},   {0x181, 0x181, "b"},         {0x18A, 0x18A, "d"},
    {0x198, 0x199, "k"},    {0x19D, 0x19D, "n"},         {0x1B3, 0x1B4, "y"},
    {0x253, 0x253, "b"},    {0x257, 0x257, "d"},         {0x272, 0x272, "n"},
    {0x2B0, 0x2FF, "'"},    {0x300, 0x36F, ""},          {0x60C, 0x60C, ","},
    {0x61B, 0x61B, ";"},    {0x61F, 0x61F, "?"},         {0x622, 0x623, "ا"},
    {0x625, 0x625, "ا"},    {0x629, 0x629, "ه"},         {0x640, 0x640, ""},
    {0x649, 0x649, "ي"},    {0x64B, 0x65F, ""},          {0x66A, 0x66A, " "},
    {0x66B, 0x66B, "."},    {0x66C, 0x66C, ""},          {0x66D, 0x66D, " "},
    {0x670, 0x670, ""},     {0x671, 0x671, "ا"},         {0x6D4, 0x6D4, "."},
    {0x200B, 0x200F, ""},   {0x2010, 0x2015, "-"},       {0x2018, 0x201B, "'"},
    {0x201C, 0x201F, "\""}, {0x2026, 0x2026, "."},       {0x2028, 0x2029, "\n"},
    {0x202A, 0x202E, ""},   {0x2032, 0x2032, "'"},       {0x2033, 0x2033, "\""},
    {0x2066, 0x2069, ""},   {0x2212, 0x2212, "-"},       {0x2000, 0x2BFF, " "},
    {0x3000, 0x303F, " "},  {0xFE00, 0xFE0F, ""},        {0xFEFF, 0xFEFF, ""},
    {0xFFFC, 0xFFFD, " "},  {0x1F198, 0x1F198, " sos "}, {0x1F000, 0x1FFFF, " "},
    {0xE0000, 0xE0FFF, ""},
};

/* Digits of other scripts, each from its zero, and the full-width forms of ASCII. */
static const struct {
    uint32_t first;
    uint32_t last;
    uint32_t becomes;
} shifts[] = {
    {0x660, 0x669, '0'}, {0x6F0, 0x6F9, '0'}, {0x966, 0x96F, '0'}, {0x7C0, 0x7C9, '0'}, {0xFF01, 0xFF5E, '!'},
};

static size_t copy(const char *from, char folded[8])
{
    size_t length = strlen(from);
    memcpy(folded, from, length);
    return length;
}

size_t sms_text_fold(uint32_t c, char folded[8])
{
    for (size_t i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
        if (c >= shifts[i].first && c <= shifts[i].last) {
            c = c - shifts[i].first + shifts[i].becomes;
        }
    }
    if (c >= ' ' && c < 0x7F) {
        folded[0] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return 1;
    }
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        if (c >= readings[i].first && c <= readings[i].last) {
            return copy(readings[i].folded, folded);
        }
    }
    if (c >= LATIN_FIRST && c <= LATIN_LAST) {
        folded[0] = latin[c - LATIN_FIRST];
        return 1;
    }
    return utf8_encode(c, folded);
}
