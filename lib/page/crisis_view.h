/* SPDX-License-Identifier: Apache-2.0
 * A crisis as a citizen is told of it: four facts kept apart (embassy services, travel advice, evacuation, message). */
#ifndef PAGE_CRISIS_VIEW_H
#define PAGE_CRISIS_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/assembly.h"
#include "domain/vocabulary.h"

struct crisis_view {
    struct slice id;           /* "ner-2023" */
    struct slice country_code; /* "NE" */
    struct slice country_name; /* in the page's language */
    struct slice post_name;    /* the lead post: "Niamey" */
    enum posture posture;
    unsigned advisory_level;         /* 1 to 4 */
    struct slice routine_services;   /* "open", "limited", "suspended" */
    struct slice emergency_services; /* "open", "remote" */
    struct slice routine_elsewhere;  /* outside the capital; empty: the same */
    struct slice emergency_elsewhere;
    struct slice evacuation;       /* "none", "commercial_options", "assisted_departure", "evacuation" */
    struct slice message;          /* may be empty */
    struct slice message_language; /* its tag; empty: the page's */
    struct slice emergency_phone;  /* to dial, "+22790123456"; empty: none is published */
    int64_t updated_at_us;
    const struct assembly_point *assembly; /* that citizens are told of, of any crisis */
    size_t assembly_count;
};

#endif
