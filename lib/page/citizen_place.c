/* SPDX-License-Identifier: Apache-2.0
 * Where somebody is: the fields, the map to tap, and the places to choose from. */
#include "domain/country_map.h"
#include "domain/gazetteer.h"
#include "domain/place_fold.h"
#include "page/citizen.h"
#include "page/place_fields.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct page_input place_inputs[] = {
    {.member = "place", .path = "location/place", .label = "label.place", .hint = "place.hint"},
    {.member = "lat", .path = "location/lat", .label = "label.lat", .mode = "decimal", .plain = true},
    {.member = "lon", .path = "location/lon", .label = "label.lon", .mode = "decimal", .plain = true},
};

void page_place_fields(struct page_form *form, const struct crisis_view *crisis)
{
    struct page_value *root = form->frame->root;
    struct page_model *model = &form->frame->model;
    page_form_inputs(form, root, place_inputs, COUNT(place_inputs), 0);
    page_set_flag(model, root, "position_open",
                  page_form_touched(form, SLICE("location/lat")) || page_form_touched(form, SLICE("location/lon")));
    page_set(model, root, "accuracy", page_form_value(form, SLICE("location/accuracy_m")));
    page_set(model, root, "metres", SLICE("{metres}")); /* the script's to fill in */
    page_set_flag(model, root, "map", crisis != NULL && country_map_find(crisis->country_code) != NULL);
}

bool page_place_has(struct slice name)
{
    return slice_equal(name, SLICE("location/place")) || slice_equal(name, SLICE("location/lat")) ||
           slice_equal(name, SLICE("location/lon")) || slice_equal(name, SLICE("location/accuracy_m"));
}

void page_place_options(struct page_frame *frame, struct page_value *object, const struct slice *names, size_t count)
{
    struct page_value *options = page_set_list(&frame->model, object, "options");
    for (size_t i = 0; i < count; i++) {
        page_set(&frame->model, page_add(&frame->model, options), "town", names[i]);
    }
}

void page_carried(struct page_frame *frame, const struct form *values,
                  bool (*shown)(const void *context, struct slice name), const void *context)
{
    struct page_value *carried = page_set_list(&frame->model, frame->root, "carried");
    for (size_t i = 0; values != NULL && i < values->count; i++) {
        const struct form_pair *pair = &values->pairs[i];
        bool own = slice_starts_with(pair->name, SLICE("_")) && !slice_equal(pair->name, SLICE("_step")) &&
                   !slice_equal(pair->name, SLICE("_then"));
        if (pair->value.length > 0 && !own && !shown(context, pair->name)) {
            struct page_value *item = page_add(&frame->model, carried);
            page_set(&frame->model, item, "name", pair->name);
            page_set(&frame->model, item, "value", pair->value);
        }
    }
}

static bool nothing_is_shown(const void *context, struct slice name)
{
    (void)context;
    (void)name;
    return false;
}

/* Each place once: under the name that is shown. */
static bool is_shown_name(const struct gazetteer_place *place)
{
    struct place_folded folded;
    place_fold(slice_of(place->name), &folded);
    return slice_equal(place_folded_text(&folded), slice_of(place->folded));
}

static void list_places(struct page_model *model, struct page_value *list, const struct gazetteer *gazetteer,
                        enum gazetteer_kind kind)
{
    for (size_t i = 0; i < gazetteer_count(gazetteer); i++) {
        const struct gazetteer_place *place = gazetteer_at(gazetteer, i);
        if (place->kind == kind && is_shown_name(place)) {
            page_set(model, page_add(model, list), "town", slice_of(place->name));
        }
    }
}

void page_place_map(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct gazetteer *gazetteer, const struct form *values, bool missed)
{
    struct page_frame frame;
    const struct country_map *map = country_map_find(crisis->country_code);
    page_frame_init(&frame, request, crisis, false);
    struct page_model *model = &frame.model;
    page_set(model, frame.root, "title", page_text(request->language, "place.title_page"));
    page_set_flag(model, frame.root, "failed", missed);
    page_set_flag(model, frame.root, "map", map != NULL);
    page_set(model, frame.root, "picture",
             map != NULL ? page_made(model, arena_printf(model->arena, "/%s", map->picture)) : SLICE(""));
    page_set_number(model, frame.root, "width", map != NULL ? (long)map->width : 0);
    page_set_number(model, frame.root, "height", map != NULL ? (long)map->height : 0);
    page_carried(&frame, values, nothing_is_shown, NULL);
    struct page_value *towns = page_set_list(model, frame.root, "towns");
    if (map != NULL) {
        list_places(model, towns, gazetteer, GAZETTEER_TOWN);
        list_places(model, towns, gazetteer, GAZETTEER_CROSSING);
    }
    page_frame_render(&frame, out, "place_map");
}

void page_place_choices(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct place_choices_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    struct page_model *model = &frame.model;
    bool tapped = view->lat.length > 0;
    page_frame_title(&frame, tapped ? "place.near" : "place.title", SLICE(""));
    page_set(model, frame.root, "action", tapped ? SLICE("/place") : SLICE("/register"));
    page_set(model, frame.root, "typed", tapped ? SLICE("") : view->typed);
    page_set(model, frame.root, "lat", view->lat);
    page_set(model, frame.root, "lon", view->lon);
    page_set(model, frame.root, "none", page_text(request->language, tapped ? "place.here" : "place.none"));
    page_place_options(&frame, frame.root, view->names, view->count);
    page_carried(&frame, values, nothing_is_shown, NULL);
    page_frame_render(&frame, out, "place_choices");
}
