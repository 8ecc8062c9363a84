/* SPDX-License-Identifier: Apache-2.0
 * What was sent and what was answered, on disk, so that a drill can be verified and removed also after it was killed.
 *
 * Lines of words with single spaces:
 *   DRILL 1 <drill> <seed> <crisis> <started>       the first
 *   S <index> <r|c|t> <status|-> <people> <case|-> <client_id>     a submission is begun; a text's client_id is its gateway id
 *   A <index> <http status> <case|-> <band|-> <hash>   its first lasting answer; the case of a registration, or that a reply named
 *   X <index> <http status>                         an answer that nobody should get, or another than the first
 *   END <submissions>                               the last; a drill that was killed has none
 */
#ifndef DRILL_LEDGER_H
#define DRILL_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/slice.h"
#include "drill/roll.h"

enum { LEDGER_BUFFER = 256 * 1024, LEDGER_LINE_MAX = 160 };

struct ledger {
    int fd; /* -1: none */
    char *buffer;
    size_t used;
    bool failed; /* a write or a sync failed: said once, by ledger_sync or ledger_close */
};

/* The file must not be there yet. */
bool ledger_open(struct ledger *ledger, const char *path, const struct roll *roll, struct slice crisis,
                 struct error *error);
void ledger_sent(struct ledger *ledger, const struct roll *roll, uint32_t index);
void ledger_answered(struct ledger *ledger, const struct roll *roll, uint32_t index, unsigned status);
void ledger_odd(struct ledger *ledger, uint32_t index, unsigned status);
/* Written and synced; once a second. */
bool ledger_sync(struct ledger *ledger, struct error *error);
/* With the END line; false when anything of it may not be on disk. */
bool ledger_close(struct ledger *ledger, const struct roll *roll, struct error *error);

/* What a ledger says of itself. */
struct ledger_head {
    char crisis[32];
    char started[32];
    bool ended;
};
/* Makes the roll again. A last line that is cut off is left out; any other that is not understood is a fault. */
bool ledger_load(const char *path, struct roll *roll, struct ledger_head *head, struct error *error);

#endif
