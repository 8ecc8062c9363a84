/* SPDX-License-Identifier: Apache-2.0
 * Rate and latency over time, drawn. */
#ifndef DRILL_PLOT_H
#define DRILL_PLOT_H

#include <stdbool.h>

#include "core/error.h"
#include "drill/scenario.h"
#include "drill/tally.h"

/* An SVG that needs nothing else, at `path`. */
bool plot_write(const struct tally *tally, const struct scenario *scenario, const char *title, const char *path,
                struct error *error);

#endif
