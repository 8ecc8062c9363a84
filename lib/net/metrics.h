/* SPDX-License-Identifier: Apache-2.0
 * A server's figures as samples of its process's report. */
#ifndef NET_METRICS_H
#define NET_METRICS_H

#include "core/scoreboard.h"
#include "net/server.h"

void http_metrics_report(const struct http_metrics *metrics, struct process_report *report);

#endif
