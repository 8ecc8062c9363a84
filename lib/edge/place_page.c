/* SPDX-License-Identifier: Apache-2.0
 * /place: a map to tap, for the form that asked for it; the form travels through and comes back with the place in it.
 *
 * form --> map --tapped--> places near the spot --one of them, or the spot itself--> form
 *           \--a town, or neither--> form */
#include <stdio.h>

#include "core/buffer.h"
#include "domain/country_map.h"
#include "domain/place_match.h"
#include "edge/answers.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/refusal.h"
#include "edge/steps.h"
#include "page/citizen.h"

enum { DEGREES_SIZE = 24 };
#define NEAR_KM 150.0

struct placing {
    struct edge *edge;
    struct http_exchange *exchange;
    struct form form;
    const struct crisis_row *crisis; /* NULL: several are open */
};

static void show_map(struct placing *p, bool missed)
{
    struct buffer out;
    struct page_request request = pages_request(p->exchange, p->crisis);
    struct crisis_view crisis = pages_crisis_view(p->crisis, request.language);
    buffer_init(&out, PAGE_MAX);
    page_place_map(&out, &request, &crisis, reference_gazetteer(p->edge->reference, p->crisis), &p->form, missed);
    pages_respond_once(p->exchange, missed ? 422 : 200, &out);
}

/* Back to where it came from, as it stands. */
static void show_form(struct placing *p)
{
    if (answers_get(&p->form, "_step").length > 0) {
        steps_show(p->edge, p->exchange, &p->form);
    } else {
        pages_respond_form(p->edge, p->exchange, PAGE_OF_CHECK_IN, &p->form, NULL);
    }
}

static bool set(struct placing *p, const char *name, struct slice value)
{
    return answers_set(http_exchange_arena(p->exchange), &p->form, slice_of(name), value);
}

/* A town that was chosen is said in words: they stand in the form for the person to see, and the rules find its position in them. */
static void take_town(struct placing *p, struct slice town)
{
    struct slice place = place_match_chosen(http_exchange_arena(p->exchange), answers_get(&p->form, "location/place"),
                                            town, reference_gazetteer(p->edge->reference, p->crisis));
    if (place.data != NULL && set(p, "location/place", place) && set(p, "location/lat", SLICE("")) &&
        set(p, "location/lon", SLICE("")) && set(p, "location/accuracy_m", SLICE(""))) {
        show_form(p);
    } else {
        pages_respond_error(p->edge, p->exchange, 503, NULL);
    }
}

static void take_spot(struct placing *p)
{
    struct arena *arena = http_exchange_arena(p->exchange);
    struct slice accuracy = arena_printf(arena, "%.0f", COUNTRY_MAP_ACCURACY_M);
    if (accuracy.data != NULL && set(p, "location/lat", answers_get(&p->form, "_lat")) &&
        set(p, "location/lon", answers_get(&p->form, "_lon")) && set(p, "location/accuracy_m", accuracy)) {
        show_form(p);
    } else {
        pages_respond_error(p->edge, p->exchange, 503, NULL);
    }
}

static void show_near(struct placing *p, double lat, double lon)
{
    const struct gazetteer_place *near[PLACE_CHOICES_MAX];
    struct slice names[PLACE_CHOICES_MAX];
    char lat_text[DEGREES_SIZE];
    char lon_text[DEGREES_SIZE];
    struct buffer out;
    struct page_request request = pages_request(p->exchange, p->crisis);
    struct crisis_view crisis = pages_crisis_view(p->crisis, request.language);
    size_t count = place_match_near(lat, lon, NEAR_KM, reference_gazetteer(p->edge->reference, p->crisis), near);
    for (size_t i = 0; i < count; i++) {
        names[i] = slice_of(near[i]->name);
    }
    (void)snprintf(lat_text, sizeof(lat_text), "%.2f", lat);
    (void)snprintf(lon_text, sizeof(lon_text), "%.2f", lon);
    const struct place_choices_view view = {
        .lat = slice_of(lat_text), .lon = slice_of(lon_text), .names = names, .count = count};
    buffer_init(&out, PAGE_MAX);
    page_place_choices(&out, &request, &crisis, &p->form, &view);
    pages_respond_once(p->exchange, 200, &out);
}

static bool tapped(const struct placing *p, double *lat, double *lon)
{
    double x = 0;
    double y = 0;
    const struct country_map *map = country_map_find(p->crisis->country);
    return map != NULL && slice_to_double(answers_get(&p->form, "_at.x"), &x) &&
           slice_to_double(answers_get(&p->form, "_at.y"), &y) && country_map_position(map, x, y, lat, lon);
}

static void take(struct placing *p)
{
    double lat = 0;
    double lon = 0;
    struct slice town = answers_get(&p->form, "_choice");
    bool near = answers_get(&p->form, "_lat").length > 0;
    bool pressed = answers_get(&p->form, "_at.x").length > 0 || answers_get(&p->form, "_town").length > 0;
    if (p->crisis == NULL || answers_get(&p->form, "_skip").length > 0) {
        show_form(p);
    } else if (town.length > 0 && (near || answers_get(&p->form, "_town").length > 0)) {
        take_town(p, town);
    } else if (near) {
        take_spot(p);
    } else if (tapped(p, &lat, &lon)) {
        show_near(p, lat, lon);
    } else {
        show_map(p, pressed);
    }
}

void edge_handle_place(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct placing p = {.edge = edge, .exchange = exchange};
    const struct http_request *request = http_exchange_request(exchange);
    if (!reference_is_known(edge->reference)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    if (!form_parse(http_exchange_arena(exchange), request->body, &p.form)) {
        pages_respond_error(edge, exchange, http_exchange_arena(exchange)->failed ? 503 : 400, NULL);
        return;
    }
    p.crisis = pages_crisis(edge, exchange, &p.form);
    take(&p);
}
