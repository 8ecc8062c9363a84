/* SPDX-License-Identifier: Apache-2.0
 * Giving up power: another user, no new privileges, files only where needed, no calls a role never makes. */
#ifndef MUSTERD_CONFINE_H
#define MUSTERD_CONFINE_H

#include <stdbool.h>

#include "core/error.h"

struct confinement {
    const char *user;            /* who to become when we are root */
    const char *const *writable; /* directories the role writes to; NULL-terminated */
    const char *const *readable; /* files and directories it still reads; NULL-terminated */
};

/* To be called once, after everything privileged is open. Refuses to go on as root. Landlock is used where the kernel has it (its
 * absence is logged, not an error). Under AddressSanitizer the call filter lets through what its runtime needs. */
bool confine(const struct confinement *confinement, struct error *error);

#endif
