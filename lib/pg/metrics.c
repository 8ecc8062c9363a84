/* SPDX-License-Identifier: Apache-2.0
 * Prometheus names for what a pool counts. */
#include "pg/metrics.h"

void pg_metrics_report(const struct pg_pool *pool, struct process_report *report)
{
    const struct pg_metrics *metrics = pg_pool_metrics(pool);
    process_report_add(report, "muster_database_ready", "", pg_pool_is_ready(pool) ? 1 : 0);
    process_report_add(report, "muster_database_connects_total", "", (double)metrics->connects);
    process_report_add(report, "muster_database_calls_total", "outcome=\"committed\"", (double)metrics->committed);
    process_report_add(report, "muster_database_calls_total", "outcome=\"refused\"", (double)metrics->refused);
    process_report_add(report, "muster_database_calls_total", "outcome=\"unsent\"", (double)metrics->unsent);
    process_report_add(report, "muster_database_calls_total", "outcome=\"unknown\"", (double)metrics->unknown);
    process_report_add(report, "muster_database_retries_total", "", (double)metrics->retried);
}
