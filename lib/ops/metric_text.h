/* SPDX-License-Identifier: Apache-2.0
 * Prometheus' text format, version 0.0.4, from the reports of many processes. */
#ifndef OPS_METRIC_TEXT_H
#define OPS_METRIC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "core/scoreboard.h"

/* Each metric once with its HELP and TYPE, then its samples with role and instance as labels. False when memory is out. */
bool metric_text_write(struct buffer *out, const struct process_report reports[], size_t count);

#endif
