/* SPDX-License-Identifier: Apache-2.0
 * What proves the second factor: codes of an app that keeps the secret (RFC 6238), and recovery codes for when the phone is lost. */
#ifndef DESK_ONE_TIME_H
#define DESK_ONE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "seal/blind.h"

enum {
    ONE_TIME_SECRET_SIZE = 32, /* base 32: 160 bits, as RFC 4226 asks */
    ONE_TIME_DIGITS = 6,
    ONE_TIME_STEP_SECONDS = 30,
    ONE_TIME_RECOVERY_CODES = 10,
    ONE_TIME_RECOVERY_SIZE = 10,        /* symbols: 50 bits */
    ONE_TIME_RECOVERY_WRITTEN_SIZE = 11 /* "abcde-fghjk" */
};

/* A new secret. NUL-terminated. */
struct slice one_time_secret_make(char text[ONE_TIME_SECRET_SIZE + 1]);
/* The step of a code that is right now, or one step before or after; 0: it is not, or that step is not later than `last_step`, so that
 * each code counts once. */
int64_t one_time_step(struct slice secret, struct slice code, int64_t now_us, int64_t last_step);
/* The code without the spaces that people put into it, in `arena`; data NULL when memory is out. */
struct slice one_time_trim(struct arena *arena, struct slice said);
/* "otpauth://totp/Muster:ada?secret=...&issuer=Muster", what the app reads from the square. */
struct slice one_time_uri(struct arena *arena, struct slice user, struct slice secret);

/* A new recovery code as it is written. NUL-terminated. */
struct slice one_time_recovery_make(char text[ONE_TIME_RECOVERY_WRITTEN_SIZE + 1]);
/* What the database keeps of an account's code, however it was written; false when it is none. */
bool one_time_recovery_mac(const struct blind_keys *keys, int64_t staff_id, struct slice said, uint8_t mac[BLIND_SIZE]);

#endif
