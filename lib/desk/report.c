/* SPDX-License-Identifier: Apache-2.0
 * What a desk says of itself each second. */
#include <stdio.h>

#include "desk/desk.h"
#include "desk/role.h"
#include "net/metrics.h"
#include "pg/metrics.h"

void desk_report(const struct desk *desk, struct process_report *report)
{
    const struct desk_metrics *metrics = &desk->metrics;
    report->ready = pg_pool_is_ready(desk->pool);
    (void)snprintf(report->reason, sizeof(report->reason), "%s", report->ready ? "" : "PostgreSQL is away");
    http_metrics_report(http_server_metrics(desk->server), report);
    pg_metrics_report(desk->pool, report);
    live_report(desk->live, report);
    process_report_add(report, "muster_sign_ins_total", "outcome=\"right\"", (double)metrics->signed_in);
    process_report_add(report, "muster_sign_ins_total", "outcome=\"wrong\"", (double)metrics->sign_in_failed);
    process_report_add(report, "muster_sign_ins_total", "outcome=\"slowed\"", (double)metrics->sign_in_slowed);
    process_report_add(report, "muster_claims_total", "outcome=\"won\"", (double)metrics->claims);
    process_report_add(report, "muster_claims_total", "outcome=\"lost\"", (double)metrics->claims_lost);
    process_report_add(report, "muster_fields_unreadable_total", "", (double)desk->opening.unreadable);
}
