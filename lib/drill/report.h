/* SPDX-License-Identifier: Apache-2.0
 * What a drill says: a line while it runs, a page of words or JSON at its end, and (drill/plot.h) a drawing. */
#ifndef DRILL_REPORT_H
#define DRILL_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "drill/scenario.h"
#include "drill/tally.h"
#include "drill/verdict.h"

enum { REPORT_LINE_MAX = 240 };

/* One line without an end: phase, sent, answered by kind, in flight, latency, what is left. */
void report_line(const struct tally *tally, const struct scenario *scenario, char line[REPORT_LINE_MAX]);
/* How the drill went. */
void report_tally_words(const struct tally *tally, FILE *out);
json_t *report_tally_json(const struct tally *tally);
/* What the register has of it. */
void report_verdict_words(const struct verdict *verdict, FILE *out);
json_t *report_verdict_json(const struct verdict *verdict);

#endif
