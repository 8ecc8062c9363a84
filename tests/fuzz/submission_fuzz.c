/* SPDX-License-Identifier: Apache-2.0
 * What anyone may post: JSON and forms through the decoder and the rules. */
#include "core/json_read.h"
#include "domain/broadcast.h"
#include "domain/decode_submission.h"
#include "domain/triage_policy.h"
#include "domain/zone.h"
#include "domain/zone_cells.h"
#include "edge/form_tree.h"

/* Whatever a lead sends, a cry for help stays one. */
static void read_policy(const struct tree *tree)
{
    struct triage_policy policy = triage_policy_default;
    struct field_errors errors = {.count = 0};
    if (tree->kind != TREE_OBJECT) {
        return;
    }
    triage_policy_decode(tree, true, &policy, &errors);
    triage_policy_decode(tree, false, &policy, &errors);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (policy.band_of[i] > triage_policy_band_most((enum triage_reason)i)) {
            __builtin_trap();
        }
    }
}

/* Whatever a lead draws is made into cells. */
static void read_zone(struct arena *arena, const struct tree *tree)
{
    struct zone zone;
    struct field_errors errors = {.count = 0};
    struct zone_cover *cover = arena_alloc(arena, sizeof(*cover));
    zone_decode(arena, tree, &zone, &errors);
    if (errors.count == 0 && cover != NULL && !arena->failed) {
        struct zone_cells cells;
        if (!zone_area_cover(&zone.area, cover) || cover->count == 0) { /* it was not too large */
            __builtin_trap();
        }
        (void)zone_cells_read(arena, slice_of(cover->cells[0]), &cells);
        (void)zone_cells_hold(&cells, zone.area.points[0].lat, zone.area.points[0].lon);
        (void)zone_area_contains(&zone.area, zone.area.points[0].lat, zone.area.points[0].lon);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode_all(struct arena *arena, const struct tree *json, bool from_form)
{
    struct field_errors errors = {.count = 0};
    struct decoder decoder = {arena, &errors, from_form};
    struct registration registration = {.party_count = 0};
    struct registration inquiry = {.party_count = 0};
    struct check_in check_in = {.has_status = false};
    decode_registration(&decoder, json, &registration);
    (void)registration_validate(&registration, "NE", (struct date){2023, 8, 2}, &errors);
    (void)registration_needs(&registration, (struct date){2023, 8, 2});
    decode_inquiry(&decoder, json, &inquiry);
    decode_check_in(&decoder, json, &check_in);
    (void)check_in_validate(&check_in, "NE", &errors);
    struct broadcast_draft draft;
    broadcast_decode(arena, json, &draft, &errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct form form;
    struct field_errors errors = {.count = 0};
    struct slice body = slice_make(data, size);
    arena_init(&arena, 4 << 20);
    const struct tree *tree = json_read(&arena, body);
    if (tree != NULL) {
        decode_all(&arena, tree, false);
        read_policy(tree);
        read_zone(&arena, tree);
    }
    if (form_parse(&arena, body, &form)) {
        tree = form_tree_new(&arena, &form, &errors);
        if (tree != NULL) {
            decode_all(&arena, tree, true);
        }
    }
    arena_release(&arena);
    return 0;
}
