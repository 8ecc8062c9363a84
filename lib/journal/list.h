/* SPDX-License-Identifier: Apache-2.0
 * Housekeeping in a journal's directory; inside lib/journal only. */
#ifndef JOURNAL_LIST_H
#define JOURNAL_LIST_H

/* Removes what a writer of this name left when it was killed while making a segment: files that never got their name, so nothing
 * in them was answered. Best effort: what stays is 8 bytes that nobody reads. */
void journal_list_sweep(const char *directory, const char *name);

#endif
