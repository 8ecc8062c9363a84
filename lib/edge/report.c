/* SPDX-License-Identifier: Apache-2.0
 * What an edge says of itself each second. */
#include <stdio.h>

#include "edge/edge.h"
#include "edge/role.h"
#include "net/metrics.h"
#include "pg/metrics.h"

static void report_records(const struct edge *edge, struct process_report *report)
{
    const struct journal_metrics *journal = journal_writer_metrics(edge->journal);
    process_report_add(report, "muster_records_total", "fate=\"database\"", (double)edge->metrics.stored_database);
    process_report_add(report, "muster_records_total", "fate=\"journal\"", (double)edge->metrics.stored_journal);
    process_report_add(report, "muster_records_total", "fate=\"refused\"", (double)edge->metrics.refused);
    process_report_add(report, "muster_records_total", "fate=\"away\"", (double)edge->metrics.away);
    process_report_add(report, "muster_cries_spilled_total", "", (double)edge->metrics.spilled);
    process_report_add(report, "muster_gateway_messages_total", "", (double)edge->metrics.gateway_messages);
    process_report_add(report, "muster_gateway_refused_total", "", (double)edge->metrics.gateway_refused);
    process_report_add(report, "muster_replies_capped_total", "", (double)edge->metrics.replies_capped);
    process_report_add(report, "muster_replies_lost_total", "", (double)edge->metrics.replies_lost);
    process_report_add(report, "muster_receipts_total", "known=\"yes\"", (double)edge->metrics.receipts);
    process_report_add(report, "muster_receipts_total", "known=\"no\"", (double)edge->metrics.receipts_unknown);
    process_report_add(report, "muster_journal_appended_total", "", (double)journal->appended);
    process_report_add(report, "muster_journal_syncs_total", "", (double)journal->syncs);
    process_report_add(report, "muster_journal_failures_total", "", (double)journal->failures);
}

static void report_waiting(const struct batch *batch, const char *kind, struct process_report *report)
{
    static const char *const classes[BATCH_CLASSES] = {
        [ADMIT_HELP] = "help", [ADMIT_CHECK_IN] = "check_in", [ADMIT_REGISTRATION] = "registration"};
    const struct batch_metrics *metrics = batch_metrics(batch);
    char labels[SCOREBOARD_LABELS];
    (void)snprintf(labels, sizeof(labels), "kind=\"%s\"", kind);
    process_report_add(report, "muster_batch_waiting", labels, (double)metrics->waiting);
    for (unsigned c = 0; c < BATCH_CLASSES; c++) {
        if (classes[c] != NULL) {
            (void)snprintf(labels, sizeof(labels), "kind=\"%s\",class=\"%s\"", kind, classes[c]);
            process_report_add(report, "muster_batch_waiting_by_class", labels, (double)metrics->waiting_by_class[c]);
        }
    }
}

static void report_batch(const struct batch *batch, const char *kind, struct process_report *report)
{
    const struct batch_metrics *metrics = batch_metrics(batch);
    char labels[SCOREBOARD_LABELS];
    (void)snprintf(labels, sizeof(labels), "kind=\"%s\"", kind);
    process_report_add(report, "muster_batch_records_total", labels, (double)metrics->records);
    process_report_add(report, "muster_batch_flushes_total", labels, (double)metrics->flushes);
    for (unsigned i = 0; i < sizeof(metrics->size_bucket) / sizeof(metrics->size_bucket[0]); i++) {
        (void)snprintf(labels, sizeof(labels), "kind=\"%s\",le=\"%u\"", kind, 1U << i);
        process_report_add(report, "muster_batch_size_bucket", labels, (double)metrics->size_bucket[i]);
    }
    (void)snprintf(labels, sizeof(labels), "kind=\"%s\",le=\"+Inf\"", kind);
    process_report_add(report, "muster_batch_size_bucket", labels, (double)metrics->flushes);
    (void)snprintf(labels, sizeof(labels), "kind=\"%s\"", kind);
    process_report_add(report, "muster_batch_size_sum", labels, (double)metrics->records);
    process_report_add(report, "muster_batch_size_count", labels, (double)metrics->flushes);
}

static const char *ails(const struct edge *edge)
{
    bool away = !pg_pool_is_ready(edge->pool);
    if (!reference_is_settled(edge->reference)) {
        return "has not yet read the open crises from PostgreSQL";
    }
    if (!journal_may_write(edge->journal)) {
        return away ? "PostgreSQL is away, and the journal's folder cannot be written"
                    : "the journal's folder cannot be written";
    }
    return away ? "PostgreSQL is away: answering from the journal" : "";
}

void edge_report(const struct edge *edge, struct process_report *report)
{
    report->ready = reference_is_settled(edge->reference); /* PostgreSQL may be away: the journal answers */
    (void)snprintf(report->reason, sizeof(report->reason), "%s", ails(edge));
    http_metrics_report(http_server_metrics(edge->server), report);
    report_records(edge, report);
    pg_metrics_report(edge->pool, report);
    report_batch(edge->check_ins, "check_in", report);
    report_waiting(edge->check_ins, "check_in", report);
    report_batch(edge->registrations, "registration", report);
    report_waiting(edge->registrations, "registration", report);
}
