/* SPDX-License-Identifier: Apache-2.0
 * What `muster doctor` finds when it reads the journal. */
#ifndef MUSTER_DOCTOR_JOURNAL_H
#define MUSTER_DOCTOR_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct doctor_journal {
    bool ok;
    unsigned segments, live; /* waiting; and of those held by a writer that still runs */
    uint64_t entries, bytes;
    unsigned torn, damaged, unreadable; /* segments that end so, or that the disk does not give */
    unsigned refused;                   /* files kept aside for a person */
    int64_t since_us;    /* when the first of the entries was taken, as far as they can be read; 0: none */
    int64_t age_seconds; /* since then; without any entry, of the oldest segment */
    uint64_t free_mib;
    bool writable;                 /* by the service */
    const char *advice;            /* what to do, "" for nothing */
    json_t *facts, *refused_facts; /* an object for each segment, and for each file kept aside */
};

/* `user`: who the service runs as. Reads without changing anything; may run beside the service. After false, too, it must be released. */
bool doctor_journal_read(const char *directory, const char *user, struct doctor_journal *journal, struct error *error);
void doctor_journal_release(struct doctor_journal *journal);

#endif
