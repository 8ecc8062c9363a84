/* SPDX-License-Identifier: Apache-2.0
 * One case with everything that was said of it, opened: for GET /cases/{case}, and for whoever has just claimed it. */
#ifndef DESK_CASE_VIEW_H
#define DESK_CASE_VIEW_H

#include <stdbool.h>

#include "desk/case_parts.h"
#include "desk/desk_call.h"
#include "desk/etag.h"

enum case_view_step { VIEW_READ, VIEW_CASE, VIEW_PARTS };

struct case_view {
    struct desk_call call;
    enum case_view_step step;
    int64_t registration_id;
    int64_t asked_id;          /* what was asked for: the same, unless it was merged into that */
    unsigned parts_due;        /* lists that have not come yet */
    json_t *parts[PART_COUNT]; /* in the answer, which owns them */
    bool check_ins_only;       /* GET /cases/{case}/check-ins */
    struct slice why;          /* they said; may be empty */
    bool has_version;          /* there is a case, and not the party alone */
    int64_t version;
    char etag[ETAG_SIZE];
};

/* Audits the look, then answers with the case, or 404. Takes over the call's steps. */
void case_view_start(struct case_view *view, int64_t registration_id);
/* The same of a case that is not merged, when the look is on record already. Its holder owes no reason. */
void case_view_show(struct case_view *view, int64_t registration_id);
/* Reads the {case} of the request's path; false when it answered 404 already. */
bool case_view_parse(struct desk_call *call, int64_t *registration_id);

#endif
