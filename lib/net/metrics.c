/* SPDX-License-Identifier: Apache-2.0
 * Prometheus names for what the server counts. */
#include "net/metrics.h"

#include <stdio.h>

static const char *const class_names[ADMIT_COUNT] = {"help", "check_in", "registration", "page"};
static const char *const bounds_s[] = {"0.001", "0.002", "0.005", "0.01", "0.02", "0.05",
                                       "0.1",   "0.2",   "0.5",   "1",    "2",    "+Inf"};

static void report_class(const struct http_metrics *metrics, unsigned class, struct process_report *report)
{
    char labels[SCOREBOARD_LABELS];
    (void)snprintf(labels, sizeof(labels), "class=\"%s\"", class_names[class]);
    process_report_add(report, "muster_requests_total", labels, (double)metrics->requests[class]);
    process_report_add(report, "muster_sheds_total", labels, (double)metrics->shed[class]);
    for (unsigned i = 0; i < sizeof(bounds_s) / sizeof(bounds_s[0]); i++) {
        (void)snprintf(labels, sizeof(labels), "class=\"%s\",le=\"%s\"", class_names[class], bounds_s[i]);
        process_report_add(report, "muster_request_duration_seconds_bucket", labels,
                           (double)metrics->duration_bucket[class][i]);
    }
    (void)snprintf(labels, sizeof(labels), "class=\"%s\"", class_names[class]);
    process_report_add(report, "muster_request_duration_seconds_sum", labels,
                       (double)metrics->duration_sum_us[class] / 1e6);
    process_report_add(report, "muster_request_duration_seconds_count", labels, (double)metrics->duration_count[class]);
}

void http_metrics_report(const struct http_metrics *metrics, struct process_report *report)
{
    char labels[SCOREBOARD_LABELS];
    process_report_add(report, "muster_connections_open", "", (double)metrics->connections_open);
    process_report_add(report, "muster_connections_total", "", (double)metrics->connections_accepted);
    process_report_add(report, "muster_connections_refused_total", "", (double)metrics->connections_refused);
    process_report_add(report, "muster_connections_evicted_total", "", (double)metrics->connections_evicted);
    process_report_add(report, "muster_handshakes_queued_total", "", (double)metrics->handshakes_queued);
    process_report_add(report, "muster_handshake_failures_total", "", (double)metrics->handshake_failures);
    process_report_add(report, "muster_timeouts_total", "", (double)metrics->timeouts);
    process_report_add(report, "muster_parse_errors_total", "", (double)metrics->parse_errors);
    for (unsigned i = 1; i < 6; i++) {
        (void)snprintf(labels, sizeof(labels), "status=\"%uxx\"", i);
        process_report_add(report, "muster_answers_total", labels, (double)metrics->answers_by_status[i]);
    }
    for (unsigned class = 0; class < ADMIT_COUNT; class ++) {
        report_class(metrics, class, report);
    }
}
