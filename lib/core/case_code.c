/* SPDX-License-Identifier: Apache-2.0
 * Crockford base 32 (https://www.crockford.com/base32.html) with a check symbol over GF(32).
 *
 * The ten symbols a[0..9] satisfy sum(a[i] * w[i]) = 0 in GF(2^5) with x^5 + x^2 + 1, where w[i] = x^i and the last weight
 * belongs to the check symbol. The weights are distinct and not zero, so one wrong symbol changes the sum by e * w[i] != 0,
 * and a swap of symbols i and j changes it by (a - b) * (w[i] - w[j]) != 0. Crockford's own mod-37 check symbol needs five
 * characters that are not letters or digits, which cannot be read aloud or typed on a feature phone. */
#include "core/case_code.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static unsigned field_times_x(unsigned a)
{
    unsigned doubled = a << 1;
    return (doubled & 32U) != 0 ? (doubled ^ 0x25U) & 31U : doubled;
}

/* Horner from the last symbol to the first: gives sum(a[i] * x^i). */
static unsigned weighted_sum(const unsigned symbols[], unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = count; i > 0; i--) {
        sum = field_times_x(sum) ^ symbols[i - 1];
    }
    return sum;
}

/* The last symbol has weight x^9, so it is the sum of the others divided by x^9: found by trying the 32 values. */
static unsigned check_symbol(unsigned symbols[CASE_CODE_SYMBOLS])
{
    for (unsigned candidate = 0; candidate < 32; candidate++) {
        symbols[CASE_CODE_SYMBOLS - 1] = candidate;
        if (weighted_sum(symbols, CASE_CODE_SYMBOLS) == 0) {
            return candidate;
        }
    }
    return 0; /* not reached: x^9 is invertible */
}

struct slice case_code_format(int64_t registration_id, char text[CASE_CODE_TEXT_SIZE + 1])
{
    unsigned symbols[CASE_CODE_SYMBOLS];
    uint64_t number = (uint64_t)registration_id & (uint64_t)REGISTRATION_ID_MAX;
    for (unsigned i = CASE_CODE_SYMBOLS - 1; i > 0; i--) {
        symbols[i - 1] = (unsigned)(number & 31U);
        number >>= 5;
    }
    symbols[CASE_CODE_SYMBOLS - 1] = check_symbol(symbols);
    unsigned at = 0;
    for (unsigned i = 0; i < CASE_CODE_SYMBOLS; i++) {
        if (i == CASE_CODE_SYMBOLS / 2) {
            text[at++] = '-';
        }
        text[at++] = alphabet[symbols[i]];
    }
    text[at] = '\0';
    return slice_make(text, at);
}

/* One more than the symbol's value, as people write it; 0: no symbol. */
static const uint8_t symbol_values[256] = {
    ['0'] = 1,  ['O'] = 1,  ['o'] = 1,  ['1'] = 2,  ['I'] = 2,  ['i'] = 2,  ['L'] = 2,  ['l'] = 2,  ['2'] = 3,
    ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['a'] = 11,
    ['B'] = 12, ['b'] = 12, ['C'] = 13, ['c'] = 13, ['D'] = 14, ['d'] = 14, ['E'] = 15, ['e'] = 15, ['F'] = 16,
    ['f'] = 16, ['G'] = 17, ['g'] = 17, ['H'] = 18, ['h'] = 18, ['J'] = 19, ['j'] = 19, ['K'] = 20, ['k'] = 20,
    ['M'] = 21, ['m'] = 21, ['N'] = 22, ['n'] = 22, ['P'] = 23, ['p'] = 23, ['Q'] = 24, ['q'] = 24, ['R'] = 25,
    ['r'] = 25, ['S'] = 26, ['s'] = 26, ['T'] = 27, ['t'] = 27, ['V'] = 28, ['v'] = 28, ['W'] = 29, ['w'] = 29,
    ['X'] = 30, ['x'] = 30, ['Y'] = 31, ['y'] = 31, ['Z'] = 32, ['z'] = 32,
};

enum case_code_reading case_code_parse(struct slice text, int64_t *registration_id)
{
    unsigned symbols[CASE_CODE_SYMBOLS];
    unsigned count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '-' || text.data[i] == ' ') {
            continue;
        }
        unsigned value = symbol_values[(unsigned char)text.data[i]];
        if (value == 0 || count == CASE_CODE_SYMBOLS) {
            return CASE_CODE_SHAPE;
        }
        symbols[count++] = value - 1;
    }
    if (count != CASE_CODE_SYMBOLS) {
        return CASE_CODE_SHAPE;
    }
    if (weighted_sum(symbols, CASE_CODE_SYMBOLS) != 0) {
        return CASE_CODE_MISTYPED;
    }
    int64_t number = 0;
    for (unsigned i = 0; i + 1 < CASE_CODE_SYMBOLS; i++) {
        number = number * 32 + symbols[i];
    }
    *registration_id = number;
    return CASE_CODE_OK;
}
