/* SPDX-License-Identifier: Apache-2.0
 * A pool's figures as samples of its process's report. */
#ifndef PG_METRICS_H
#define PG_METRICS_H

#include "core/scoreboard.h"
#include "pg/pool.h"

void pg_metrics_report(const struct pg_pool *pool, struct process_report *report);

#endif
