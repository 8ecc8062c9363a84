/* SPDX-License-Identifier: Apache-2.0
 * What an officer asks of a queue, as query parameters, and the address of the page that follows. */
#ifndef DESK_CASE_FILTER_H
#define DESK_CASE_FILTER_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "store/case.h"

enum { CASES_LIMIT_MAX = 200, CASES_LIMIT_DEFAULT = 50 };

/* Reads `query` for the filter's queue, naming every parameter at fault. Empty parameters are as absent; `lang` is passed over. */
bool case_filter_parse(struct arena *arena, struct slice query, struct case_filter *filter,
                       struct field_errors *errors);

/* The Link header's value for the page after `last` (RFC 8288); data is NULL when memory is out. */
struct slice case_filter_next(struct arena *arena, const struct case_filter *filter, const struct case_key *last);

#endif
