/* SPDX-License-Identifier: Apache-2.0
 * Builds each line in memory and hands it to write(2) once, so lines of several processes do not mix. */
#include "core/log.h"

#include <stdio.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/clock.h"
#include "core/json_text.h"

enum { LOG_LINE_MAX = 8192 };

static struct {
    const char *role;
    unsigned instance;
    enum log_level least;
} identity = {"muster", 0, LOG_INFO};

void log_identify(const char *role, unsigned instance)
{
    identity.role = role;
    identity.instance = instance;
}

void log_set_level(enum log_level level)
{
    identity.least = level;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    struct buffer line;
    char time_text[TIME_TEXT_MAX];
    if (level < identity.least) {
        return;
    }
    struct clock clock = clock_system();
    buffer_init(&line, LOG_LINE_MAX);
    buffer_printf(&line, "{\"time\":\"%.*s\",\"level\":\"%s\",\"role\":\"%s\",\"instance\":%u,\"pid\":%d,\"event\":",
                  SLICE_ARGS(time_format(clock_now(&clock), time_text)), levels[level], identity.role,
                  identity.instance, (int)getpid());
    json_text_add(&line, slice_of(event));
    for (size_t i = 0; i < count; i++) {
        buffer_add_byte(&line, ',');
        json_text_add(&line, slice_of(fields[i].name));
        buffer_add_byte(&line, ':');
        if (fields[i].kind == LOG_KIND_TEXT) {
            json_text_add(&line, fields[i].text);
        } else {
            buffer_printf(&line, "%lld", (long long)fields[i].integer);
        }
    }
    buffer_add_text(&line, "}\n");
    if (!line.failed) {
        ssize_t written = write(STDERR_FILENO, line.data, line.length);
        (void)written; /* nowhere is left to report that the log itself is gone */
    }
    buffer_release(&line);
}

void log_error(const char *event, const struct error *error)
{
    log_event(LOG_ERROR, event, log_text("code", error_code_name(error->code)),
              log_text("where", error->where != NULL ? error->where : ""), log_text("detail", error->detail));
}
