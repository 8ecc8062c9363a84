/* SPDX-License-Identifier: Apache-2.0
 * How far is told as coarsely as it is known: a cell is 5 km wide. */
#include "page/assembly.h"

#include "page/frame.h"

enum { CELL_KM = 5 };
#define METRES_A_KM 1000.0

static struct slice number_words(struct page_frame *frame, unsigned number)
{
    return page_made(&frame->model, arena_printf(frame->model.arena, "%u", number));
}

static struct slice plus_code(struct page_frame *frame, const struct assembly_point *point)
{
    char code[PLUS_CODE_SIZE + 1];
    assembly_plus_code(point->lat, point->lon, code);
    return page_in_one_piece(frame, slice_of(code));
}

void page_assembly_set(struct page_frame *frame, const struct assembly_view *view)
{
    const struct assembly_point *to = view->way.to;
    page_set_flag(&frame->model, frame->root, "assembly", false);
    if (to == NULL) {
        return;
    }
    unsigned km = (unsigned)(view->way.distance_m / METRES_A_KM + 0.5);
    unsigned least = view->by_cell ? CELL_KM : 1;
    bool is_close = km < least;
    const struct page_field fields[] = {
        {"name", to->name},
        {"km", number_words(frame, is_close ? least : km)},
        {"bearing",
         page_text_of(frame->language, "assembly.way.", vocabulary_name(&vocabulary_bearing, view->way.bearing))},
    };
    struct page_value *object = page_set_object(&frame->model, frame->root, "assembly");
    page_set(&frame->model, object, "where",
             page_words(frame, is_close ? "assembly.close" : "assembly.far", fields, is_close ? 2 : 3));
    page_set(&frame->model, object, "plus_code", plus_code(frame, to));
}

void page_assembly_list(struct page_frame *frame, struct slice crisis, const struct assembly_point points[],
                        size_t count)
{
    struct page_value *items = NULL;
    size_t listed = 0;
    page_set_flag(&frame->model, frame->root, "assembly_points", false);
    for (size_t i = 0; i < count && listed < ASSEMBLY_LISTED_MAX; i++) {
        if (!slice_equal(points[i].crisis, crisis)) {
            continue;
        }
        if (items == NULL) {
            items =
                page_set_list(&frame->model, page_set_object(&frame->model, frame->root, "assembly_points"), "items");
        }
        struct page_value *item = page_add(&frame->model, items);
        page_set(&frame->model, item, "name", points[i].name);
        page_set(&frame->model, item, "plus_code", plus_code(frame, &points[i]));
        listed++;
    }
}
