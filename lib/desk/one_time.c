/* SPDX-License-Identifier: Apache-2.0
 * Codes by liboath; recovery codes of our own random symbols. Sources: RFC 4226, RFC 6238, the Key URI format of authenticator apps. */
#include "desk/one_time.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

enum { WINDOW_STEPS = 1, RECOVERY_INPUT_MAX = 64 };

struct slice one_time_secret_make(char text[ONE_TIME_SECRET_SIZE + 1])
{
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t random[ONE_TIME_SECRET_SIZE];
    randombytes_buf(random, sizeof(random));
    for (unsigned i = 0; i < ONE_TIME_SECRET_SIZE; i++) {
        text[i] = base32[random[i] & 31U];
    }
    text[ONE_TIME_SECRET_SIZE] = '\0';
    sodium_memzero(random, sizeof(random));
    return slice_make(text, ONE_TIME_SECRET_SIZE);
}

static bool is_code(struct slice code)
{
    for (size_t i = 0; i < code.length; i++) {
        if (code.data[i] < '0' || code.data[i] > '9') {
            return false;
        }
    }
    return code.length == ONE_TIME_DIGITS;
}

int64_t one_time_step(struct slice secret, struct slice code, int64_t now_us, int64_t last_step)
{
    char digits[ONE_TIME_DIGITS + 1] = "";
    char *key = NULL;
    size_t key_size = 0;
    int apart = 0;
    uint64_t step = 0;
    if (!is_code(code) || oath_init() != OATH_OK ||
        oath_base32_decode(secret.data, secret.length, &key, &key_size) != OATH_OK) {
        return 0;
    }
    memcpy(digits, code.data, ONE_TIME_DIGITS);
    int found = oath_totp_validate4(key, key_size, (time_t)(now_us / MICROSECONDS_A_SECOND), ONE_TIME_STEP_SECONDS, 0,
                                    WINDOW_STEPS, &apart, &step, 0, digits);
    sodium_memzero(key, key_size);
    free(key);
    return found >= 0 && (int64_t)step > last_step ? (int64_t)step : 0;
}

struct slice one_time_trim(struct arena *arena, struct slice said)
{
    char *text = arena_alloc(arena, said.length + 1);
    size_t length = 0;
    for (size_t i = 0; text != NULL && i < said.length; i++) {
        if (said.data[i] != ' ') {
            text[length++] = said.data[i];
        }
    }
    return slice_make(text, length);
}

struct slice one_time_uri(struct arena *arena, struct slice user, struct slice secret)
{
    /* an account's name has no character that an address would have to escape */
    return arena_printf(arena, "otpauth://totp/Muster:%.*s?secret=%.*s&issuer=Muster", SLICE_ARGS(user),
                        SLICE_ARGS(secret));
}

struct slice one_time_recovery_make(char text[ONE_TIME_RECOVERY_WRITTEN_SIZE + 1])
{
    static const char symbols[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* as in case codes: none is taken for another */
    uint8_t random[ONE_TIME_RECOVERY_SIZE];
    size_t length = 0;
    randombytes_buf(random, sizeof(random));
    for (unsigned i = 0; i < ONE_TIME_RECOVERY_SIZE; i++) {
        if (i == ONE_TIME_RECOVERY_SIZE / 2) {
            text[length++] = '-';
        }
        text[length++] = symbols[random[i] & 31U];
    }
    text[length] = '\0';
    sodium_memzero(random, sizeof(random));
    return slice_make(text, length);
}

bool one_time_recovery_mac(const struct blind_keys *keys, int64_t staff_id, struct slice said, uint8_t mac[BLIND_SIZE])
{
    char input[RECOVERY_INPUT_MAX];
    int prefix = snprintf(input, sizeof(input), "%lld:", (long long)staff_id);
    size_t length = (size_t)prefix;
    for (size_t i = 0; i < said.length; i++) {
        char c = said.data[i];
        if (c == '-' || c == ' ') {
            continue;
        }
        if (length == (size_t)prefix + ONE_TIME_RECOVERY_SIZE) {
            return false;
        }
        input[length++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    if (length != (size_t)prefix + ONE_TIME_RECOVERY_SIZE) {
        return false;
    }
    blind(keys, BLIND_RECOVERY, slice_make(input, length), mac);
    sodium_memzero(input, sizeof(input));
    return true;
}
