/* SPDX-License-Identifier: Apache-2.0
 * How many entries of the journal wait, and since when: counted as they are added, so that no byte is read twice for the figure. */
#ifndef COURIER_BACKLOG_H
#define COURIER_BACKLOG_H

#include <stdint.h>

struct backlog;

struct backlog *backlog_new(const char *directory);
void backlog_free(struct backlog *backlog);
/* Counts on in the segments of these names, and forgets all others. At most some thousands a call: the loop waits for it, and a long
 * journal is known after a few. */
void backlog_look(struct backlog *backlog, char (*names)[128], unsigned count);
/* The register has `entries` more of this segment, and so all of it up to `offset`. */
void backlog_confirm(struct backlog *backlog, const char *name, uint64_t offset, uint64_t entries);
uint64_t backlog_entries(const struct backlog *backlog);
/* When the oldest of them was taken from its sender, as far as is known; wall clock, 0: none waits. */
int64_t backlog_since_us(const struct backlog *backlog);

#endif
