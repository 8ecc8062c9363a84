/* SPDX-License-Identifier: Apache-2.0
 * The open crises as they were last read, in a file beside the journal: for an edge that starts while PostgreSQL is away. Nothing in it is
 * personal or secret; gateways, whose keys are, are not kept. */
#ifndef EDGE_CRISES_KEPT_H
#define EDGE_CRISES_KEPT_H

#include <libpq-fe.h>
#include <stdint.h>

/* Keeps the answer to crisis_list.sql, when it is another than `*kept` (0: none is known to be) says. Best effort: what cannot be
 * written is said once, and tried again with the next answer. */
void crises_kept_write(const char *path, const PGresult *crises, uint32_t *kept);
/* What was kept under this statement's text, as the answer that it was; NULL when there is none, or it is not whole. The caller clears it. */
PGresult *crises_kept_read(const char *path);

#endif
