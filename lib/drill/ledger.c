/* SPDX-License-Identifier: Apache-2.0
 * Writing the ledger. */
#include "drill/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/case_code.h"
#include "core/clock.h"
#include "domain/exercise.h"

static void flush(struct ledger *ledger)
{
    size_t written = 0;
    while (written < ledger->used && !ledger->failed) {
        ssize_t put = write(ledger->fd, ledger->buffer + written, ledger->used - written);
        if (put < 0 && errno != EINTR) {
            ledger->failed = true;
        }
        written += put > 0 ? (size_t)put : 0;
    }
    ledger->used = 0;
}

static void add(struct ledger *ledger, const char *line, int length)
{
    if (ledger->used + LEDGER_LINE_MAX > LEDGER_BUFFER) {
        flush(ledger);
    }
    if (length <= 0 || length >= LEDGER_LINE_MAX) {
        ledger->failed = true;
        return;
    }
    memcpy(ledger->buffer + ledger->used, line, (size_t)length);
    ledger->used += (size_t)length;
}

bool ledger_open(struct ledger *ledger, const char *path, const struct roll *roll, struct slice crisis,
                 struct error *error)
{
    char line[LEDGER_LINE_MAX];
    char drill[EXERCISE_DRILL_DIGITS + 1];
    char now[TIME_TEXT_MAX];
    struct clock clock = clock_system();
    *ledger = (struct ledger){.fd = -1, .buffer = malloc(LEDGER_BUFFER)};
    if (ledger->buffer == NULL) {
        return error_set(error, ERROR_NOMEM, "drill.ledger", "out of memory");
    }
    ledger->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (ledger->fd < 0) {
        free(ledger->buffer);
        ledger->buffer = NULL;
        return error_set_errno(error, "drill.ledger", "cannot make the ledger %s", path);
    }
    add(ledger, line,
        snprintf(line, sizeof(line), "DRILL 1 %s %" PRIu64 " %.*s %.*s\n",
                 exercise_drill_format(roll->drill, drill).data, roll->seed, SLICE_ARGS(crisis),
                 SLICE_ARGS(time_format(clock_now(&clock), now))));
    return ledger_sync(ledger, error);
}

static struct slice case_or_dash(int64_t registration_id, char text[CASE_CODE_TEXT_SIZE + 1])
{
    return registration_id != ROLL_UNKNOWN ? case_code_format(registration_id, text) : SLICE("-");
}

void ledger_sent(struct ledger *ledger, const struct roll *roll, uint32_t index)
{
    static const char kinds[KIND_COUNT] = {'r', 'c', 't'};
    const struct roll_record *r = &roll->records[index];
    char line[LEDGER_LINE_MAX];
    char code[CASE_CODE_TEXT_SIZE + 1];
    char id_text[UUID_TEXT_SIZE + 1];
    struct uuid id = roll_client_id(roll, index);
    struct slice status = r->status != ROLL_NO_STATUS && r->kind != KIND_REGISTER
                              ? vocabulary_name(&vocabulary_check_in_status, r->status)
                              : SLICE("-");
    add(ledger, line,
        snprintf(line, sizeof(line), "S %u %c %.*s %u %.*s %.*s\n", index, kinds[r->kind], SLICE_ARGS(status),
                 r->people, SLICE_ARGS(case_or_dash(r->registration_id, code)), SLICE_ARGS(uuid_format(&id, id_text))));
}

void ledger_answered(struct ledger *ledger, const struct roll *roll, uint32_t index, unsigned status)
{
    const struct roll_record *r = &roll->records[index];
    char line[LEDGER_LINE_MAX];
    char code[CASE_CODE_TEXT_SIZE + 1];
    char band = r->band != ROLL_NO_BAND ? (char)('0' + r->band) : '-';
    add(ledger, line,
        snprintf(line, sizeof(line), "A %u %u %.*s %c %08x\n", index, status,
                 SLICE_ARGS(case_or_dash(r->registration_id, code)), band, r->answer));
}

void ledger_odd(struct ledger *ledger, uint32_t index, unsigned status)
{
    char line[LEDGER_LINE_MAX];
    add(ledger, line, snprintf(line, sizeof(line), "X %u %u\n", index, status));
}

bool ledger_sync(struct ledger *ledger, struct error *error)
{
    flush(ledger);
    if (!ledger->failed && fdatasync(ledger->fd) != 0) {
        ledger->failed = true;
    }
    return !ledger->failed ||
           error_set(error, ERROR_IO, "drill.ledger", "the ledger could not be written: is the disk full?");
}

bool ledger_close(struct ledger *ledger, const struct roll *roll, struct error *error)
{
    char line[LEDGER_LINE_MAX];
    if (ledger->fd < 0) {
        return true;
    }
    add(ledger, line, snprintf(line, sizeof(line), "END %u\n", roll->count));
    bool synced = ledger_sync(ledger, error);
    (void)close(ledger->fd); /* synced or said */
    free(ledger->buffer);
    *ledger = (struct ledger){.fd = -1};
    return synced;
}
