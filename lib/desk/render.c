/* SPDX-License-Identifier: Apache-2.0
 * The shapes. */
#include "desk/render.h"

#include "core/case_code.h"
#include "core/clock.h"
#include "domain/triage.h"

enum { REAL_DIGITS = 15 }; /* what a double holds without noise: 13.5127 stays 13.5127 */

void render_begin(struct render *render)
{
    *render = (struct render){.root = json_object()};
    render->failed = render->root == NULL;
}

void render_release(struct render *render)
{
    json_decref(render->root);
    *render = (struct render){.root = NULL};
}

char *render_text(struct render *render)
{
    return render->failed ? NULL : json_dumps(render->root, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
}

void render_set(struct render *render, json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) != 0) {
        render->failed = true;
    }
}

void render_add(struct render *render, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        render->failed = true;
    }
}

json_t *render_slice(struct slice text)
{
    return text.length > 0 ? json_stringn(text.data, text.length) : json_null();
}

json_t *render_time(int64_t time_us)
{
    char text[TIME_TEXT_MAX];
    return time_us != 0 ? render_slice(time_format(time_us, text)) : json_null();
}

json_t *render_words(const struct vocabulary *vocabulary, uint32_t bits)
{
    json_t *words = json_array();
    for (unsigned i = 0; i < vocabulary->count; i++) {
        if ((bits & UINT32_C(1) << i) != 0 && json_array_append_new(words, render_slice(vocabulary->names[i])) != 0) {
            json_decref(words);
            return NULL;
        }
    }
    return words;
}

json_t *render_number_or_null(int64_t number)
{
    return number != 0 ? json_integer(number) : json_null();
}

json_t *render_case_code(int64_t registration_id)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    return render_slice(case_code_format(registration_id, code));
}

void render_case_row(struct render *render, json_t *object, const struct case_row *row)
{
    int64_t waiting_us = row->now_us > row->received_us ? row->now_us - row->received_us : 0;
    render_set(render, object, "case", render_case_code(row->registration_id));
    render_set(render, object, "queue", render_slice(row->queue));
    render_set(render, object, "band", json_integer(row->band));
    render_set(render, object, "reasons", render_words(&vocabulary_triage_reason, row->reasons));
    render_set(render, object, "respond_by", render_time(row->respond_by_us));
    render_set(render, object, "answered_at", render_time(row->answered_us));
    render_set(render, object, "waiting_s", json_integer(waiting_us / MICROSECONDS_A_SECOND));
    render_set(render, object, "state", render_slice(row->state));
    render_set(render, object, "claimed_by", render_slice(row->holder));
    bool waits = slice_equal(row->state, SLICE("waiting"));
    render_set(render, object, "waiting_until", waits ? render_time(row->waiting_until_us) : json_null());
    render_set(render, object, "waiting_on", waits ? render_slice(row->waiting_on) : json_null());
    render_set(render, object, "people", render_number_or_null(row->people));
    render_set(render, object, "needs", render_words(&vocabulary_need, row->needs));
    render_set(render, object, "cell", render_slice(row->cell));
    render_set(render, object, "crisis", render_slice(row->crisis));
    render_set(render, object, "post", render_slice(row->post));
    render_set(render, object, "last_status", render_slice(row->last_status));
    render_set(render, object, "exercise", json_boolean(row->exercise));
    render_set(render, object, "version", json_integer(row->version));
}
