/* SPDX-License-Identifier: Apache-2.0
 * Sample crises, as SQL that may be run again, and their places: sql/samples, embedded by the build. */
#ifndef PG_SAMPLE_H
#define PG_SAMPLE_H

struct pg_sample {
    const char *name; /* "niger-2023" */
    const char *text;
    const char *places; /* of `crisis`, a file for `muster import places`; NULL: none */
    const char *crisis; /* "ner-2023" */
};
/* Ends with a row of nulls. */
extern const struct pg_sample pg_sample_table[];

#endif
