/* SPDX-License-Identifier: Apache-2.0
 * "MUSTERC1", checksum of the rest, checksum of the statement, rows, columns, then each value: its length, or NOTHING, and its bytes.
 * Written under another name, synced and renamed: a power cut leaves the old one or the new one, or what its checksum betrays. */
#include "edge/crises_kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/log.h"
#include "journal/crc32c.h"
#include "pg/statement.h"

#define MAGIC   "MUSTERC1"
#define NOTHING UINT32_MAX

enum { MAGIC_SIZE = sizeof(MAGIC) - 1, FILE_MAX = 1024 * 1024, COLUMNS_MAX = 64, PATH_SIZE = 4096 };

static uint32_t statement_sum(void)
{
    return journal_crc32c(slice_of(pg_statement_table[PG_CRISIS_LIST].text));
}

static void add_answer(struct buffer *out, const PGresult *crises)
{
    buffer_add_u32(out, statement_sum());
    buffer_add_u32(out, (uint32_t)PQntuples(crises));
    buffer_add_u32(out, (uint32_t)PQnfields(crises));
    for (int row = 0; row < PQntuples(crises); row++) {
        for (int column = 0; column < PQnfields(crises); column++) {
            bool none = PQgetisnull(crises, row, column) != 0;
            uint32_t length = (uint32_t)PQgetlength(crises, row, column);
            buffer_add_u32(out, none ? NOTHING : length);
            buffer_add(out, PQgetvalue(crises, row, column), none ? 0 : length);
        }
    }
}

static bool write_file(const char *path, uint32_t sum, struct slice answer)
{
    char making[PATH_SIZE];
    struct buffer whole;
    buffer_init(&whole, FILE_MAX + MAGIC_SIZE + 4);
    buffer_add_text(&whole, MAGIC);
    buffer_add_u32(&whole, sum);
    buffer_add_slice(&whole, answer);
    struct slice bytes = buffer_slice(&whole);
    int length = snprintf(making, sizeof(making), "%s.new", path);
    bool fits = !whole.failed && length > 0 && length < PATH_SIZE;
    int fd = fits ? open(making, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
    bool written = fd >= 0 && write(fd, bytes.data, bytes.length) == (ssize_t)bytes.length && fdatasync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd); /* synced, or given up */
    }
    buffer_release(&whole);
    return written && rename(making, path) == 0;
}

void crises_kept_write(const char *path, const PGresult *crises, uint32_t *kept)
{
    struct buffer answer;
    buffer_init(&answer, FILE_MAX);
    add_answer(&answer, crises);
    uint32_t sum = journal_crc32c(buffer_slice(&answer));
    if (sum != *kept && !answer.failed) {
        if (write_file(path, sum, buffer_slice(&answer))) {
            *kept = sum;
        } else {
            log_note(LOG_WARNING, "crises.not_kept");
        }
    }
    buffer_release(&answer);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */
static bool take_u32(struct slice *rest, uint32_t *value)
{
    if (rest->length < 4) {
        return false;
    }
    const unsigned char *bytes = (const unsigned char *)rest->data;
    *value = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    *rest = slice_sub(*rest, 4, rest->length);
    return true;
}

static bool take_value(struct slice *rest, PGresult *crises, int row, int column)
{
    uint32_t length = 0;
    char value[FILE_MAX / 16]; /* PQsetvalue copies; it wants no const */
    if (!take_u32(rest, &length)) {
        return false;
    }
    if (length == NOTHING) {
        return PQsetvalue(crises, row, column, NULL, -1) != 0;
    }
    if (length > rest->length || length > sizeof(value)) {
        return false;
    }
    memcpy(value, rest->data, length);
    *rest = slice_sub(*rest, length, rest->length);
    return PQsetvalue(crises, row, column, value, (int)length) != 0;
}

static bool take_rows(struct slice rest, PGresult *crises)
{
    static char name[] = "";
    PGresAttDesc columns[COLUMNS_MAX];
    uint32_t row_count = 0, column_count = 0;
    bool good = take_u32(&rest, &row_count) && take_u32(&rest, &column_count) && column_count <= COLUMNS_MAX;
    for (uint32_t i = 0; good && i < column_count; i++) {
        columns[i] = (PGresAttDesc){.name = name, .format = 1};
    }
    good = good && PQsetResultAttrs(crises, (int)column_count, columns) != 0;
    for (uint32_t row = 0; good && row < row_count; row++) {
        for (uint32_t column = 0; good && column < column_count; column++) {
            good = take_value(&rest, crises, (int)row, (int)column);
        }
    }
    return good && rest.length == 0;
}

static PGresult *read_answer(struct slice bytes)
{
    uint32_t sum = 0, statement = 0;
    struct slice rest = slice_sub(bytes, MAGIC_SIZE, bytes.length);
    bool whole = bytes.length > MAGIC_SIZE && memcmp(bytes.data, MAGIC, MAGIC_SIZE) == 0 && take_u32(&rest, &sum) &&
                 journal_crc32c(rest) == sum && take_u32(&rest, &statement) && statement == statement_sum();
    PGresult *crises = whole ? PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK) : NULL;
    if (crises != NULL && !take_rows(rest, crises)) {
        PQclear(crises);
        return NULL;
    }
    return crises;
}

PGresult *crises_kept_read(const char *path)
{
    struct buffer whole;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }
    buffer_init(&whole, FILE_MAX + MAGIC_SIZE + 4);
    char part[4096];
    for (size_t got = fread(part, 1, sizeof(part), file); got > 0; got = fread(part, 1, sizeof(part), file)) {
        buffer_add(&whole, part, got);
    }
    (void)fclose(file); /* only read from */
    PGresult *crises = whole.failed ? NULL : read_answer(buffer_slice(&whole));
    buffer_release(&whole);
    return crises;
}
