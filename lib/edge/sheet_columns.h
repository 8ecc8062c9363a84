/* SPDX-License-Identifier: Apache-2.0
 * The columns of a list; private to sheet.c and sheet_party.c. */
#ifndef EDGE_SHEET_COLUMNS_H
#define EDGE_SHEET_COLUMNS_H

#include "core/slice.h"
#include "domain/vocabulary.h"
#include "edge/sheet.h"

enum {
    SHEET_COLUMN_FAMILY_NAME,
    SHEET_COLUMN_GIVEN_NAMES,
    SHEET_COLUMN_BIRTH_DATE,
    SHEET_COLUMN_PHONE = 7,
    SHEET_COLUMN_PLACE = 10,
    SHEET_COLUMN_FAMILY = 15,
    SHEET_NOT_A_COLUMN = SHEET_COLUMNS,
};

struct sheet_column {
    struct slice name;
    const char
        *path; /* of what a person says, within "party/N/", or of what the party does; NULL: a contact, or a family */
    bool of_party; /* one answer for a family */
    const char *label;
    const char *words; /* prefix of the texts of its codes, or NULL */
    const struct vocabulary *codes;
    const char *contact; /* its kind */
};

extern const struct sheet_column sheet_columns[SHEET_COLUMNS];

#endif
