/* SPDX-License-Identifier: Apache-2.0
 * A list of people as a table: its columns, what is wrong in which row, and each party as a registration. One row is one person; rows that say the same
 * in the column "family" are one party, wherever they stand, all others one each. */
#ifndef EDGE_SHEET_H
#define EDGE_SHEET_H

#include "core/buffer.h"
#include "core/clock.h"
#include "core/tree.h"
#include "domain/registration.h"
#include "exchange/charset.h"
#include "net/form.h"
#include "page/language.h"
#include "seal/blind.h"

enum {
    SHEET_ROWS_MAX = 500,         /* of people */
    SHEET_BYTES_MAX = 256 * 1024, /* of a file */
    SHEET_COLUMNS = 16,
};

struct sheet_row {
    size_t line; /* of the file that was sent */
    struct slice cells[SHEET_COLUMNS];
    struct slice fault; /* "Phone: this is no phone number"; empty: none */
    size_t head;        /* index of the first row of its party: its own when it is that */
    size_t next;        /* index of the party's next row; 0: none */
    size_t people;      /* of a head: rows of its party */
};

struct sheet {
    struct sheet_row *rows;
    size_t count;
    size_t faulty; /* rows, once judged */
    enum charset charset;
    struct slice unknown; /* headings that say nothing to us, and are not sent */
    const char *refusal;  /* key of why it cannot be read at all; NULL: it was */
    size_t refusal_line;
};

/* What every row has in common. */
struct sheet_context {
    const struct blind_keys *keys;
    struct slice crisis;
    const char *country; /* the crisis's */
    struct date today;
    struct slice language;
    const struct form *form; /* reporter/..., who sends it */
    struct uuid upload;      /* with the first row's line it makes the party's client_id: sent again it is the same */
};

/* Reads a file, or `carried`: the rows of sheet_write, which know their line in it. Headings are the columns' names or what they are called in any
 * language. What is not read is said in `refusal`. */
void sheet_read(struct sheet *sheet, struct arena *arena, struct slice bytes, bool carried);
/* Fills each row's fault, in the language. A party goes whole or not at all: one faulty row makes the others of its family faulty. */
void sheet_judge(struct sheet *sheet, struct arena *arena, const struct sheet_context *context,
                 const struct page_language *language);
/* The party whose first row is `head` as a registration, all in `arena`; false when it has faults, or memory is out. */
bool sheet_party_decode(const struct sheet *sheet, size_t head, const struct sheet_context *context,
                        struct arena *arena, struct registration *registration, struct tree **content);
/* Given names and family name. */
struct slice sheet_row_name(const struct sheet_row *row, struct arena *arena);
/* What the column "family" says; empty: alone. */
struct slice sheet_row_family(const struct sheet_row *row);
struct slice sheet_row_place(const struct sheet_row *row);
struct slice sheet_row_phone(const struct sheet_row *row);

/* The rows as they are carried from page to page. */
void sheet_write(const struct sheet *sheet, struct buffer *out);
/* For a spreadsheet, with a mark that it is UTF-8 and headings in the language: nothing but those, or the faulty rows with what is wrong. */
void sheet_write_template(struct buffer *out, const struct page_language *language);
void sheet_write_faulty(const struct sheet *sheet, struct buffer *out, const struct page_language *language);
/* What spreadsheets of those who speak it put between cells. */
char sheet_separator(const struct page_language *language);

#endif
