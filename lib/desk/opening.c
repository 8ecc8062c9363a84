/* SPDX-License-Identifier: Apache-2.0
 * Epochs are unwrapped as they are met, from the wrap that came with the row. */
#include "desk/opening.h"

#include "core/log.h"

enum { SCRATCH_MAX = 4 * SEAL_PLAIN_MAX };

bool opening_init(struct opening *opening, const uint8_t secret_key[SEAL_KEY_SIZE])
{
    *opening = (struct opening){.opener = seal_opener_new(secret_key, SEAL_OPENER_EPOCHS_MAX)};
    arena_init(&opening->scratch, SCRATCH_MAX);
    return opening->opener != NULL;
}

void opening_release(struct opening *opening)
{
    seal_opener_free(opening->opener);
    arena_release(&opening->scratch);
    opening->opener = NULL;
}

const char *opening_recipient_id(const struct opening *opening)
{
    return seal_opener_recipient_id(opening->opener);
}

/* The place is a table and a column; what is in the field, and whose, is not said. A crisis whose wraps were destroyed is meant to be
 * unreadable, field by field: counted, and nothing to warn of. */
static void tell(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                 const struct error *error)
{
    opening->unreadable++;
    if (cell->wrap.length == 0) {
        return;
    }
    log_event(LOG_WARNING, "field.unreadable", log_text("table", place->table), log_text("column", place->column),
              log_text("code", error_code_name(error->code)));
}

static bool open_plain(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                       struct slice *plain)
{
    struct error error = {.code = ERROR_NONE};
    arena_release(&opening->scratch);
    if (!seal_opener_knows(opening->opener, &cell->epoch_id) &&
        !seal_opener_add(opening->opener, &cell->epoch_id, cell->wrap, &error)) {
        tell(opening, cell, place, &error);
        return false;
    }
    if (!seal_open(opening->opener, &opening->scratch, &cell->epoch_id, place, cell->sealed, plain, &error)) {
        tell(opening, cell, place, &error);
        return false;
    }
    return true;
}

/* What opened but is not of the form the edge writes is as unreadable as what did not. */
static json_t *judged(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                      json_t *value, bool *unreadable)
{
    if (value == NULL) {
        const struct error error = {.code = ERROR_INVALID};
        tell(opening, cell, place, &error);
        *unreadable = true;
        return json_null();
    }
    return value;
}

json_t *opening_text(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                     bool *unreadable)
{
    struct slice plain;
    if (cell->sealed.length == 0) {
        return json_null();
    }
    if (!open_plain(opening, cell, place, &plain)) {
        *unreadable = true;
        return json_null();
    }
    return judged(opening, cell, place, json_stringn(plain.data != NULL ? plain.data : "", plain.length), unreadable);
}

json_t *opening_object(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                       bool *unreadable)
{
    struct slice plain;
    if (cell->sealed.length == 0) {
        return json_null();
    }
    if (!open_plain(opening, cell, place, &plain)) {
        *unreadable = true;
        return json_null();
    }
    json_t *object = json_loadb(plain.data != NULL ? plain.data : "", plain.length, 0, NULL);
    if (object != NULL && !json_is_object(object)) {
        json_decref(object);
        object = NULL;
    }
    return judged(opening, cell, place, object, unreadable);
}

bool opening_plain(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                   struct arena *arena, struct slice *plain)
{
    if (cell->sealed.length == 0 || !open_plain(opening, cell, place, plain)) {
        return false;
    }
    *plain = arena_dup(arena, *plain);
    return plain->data != NULL;
}
