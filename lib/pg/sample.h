/* SPDX-License-Identifier: Apache-2.0
 * Sample crises, as SQL that may be run again: sql/samples, embedded by the build. */
#ifndef PG_SAMPLE_H
#define PG_SAMPLE_H

struct pg_sample {
    const char *name; /* "niger-2023" */
    const char *text;
};
/* Ends with a row of nulls. */
extern const struct pg_sample pg_sample_table[];

#endif
