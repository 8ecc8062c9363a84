/* SPDX-License-Identifier: Apache-2.0
 * The citizen's pages: all works without script (assets/offline.js adds what waits for network), nothing is loaded from elsewhere, one form
 * a page posts to its own path.
 *
 * Each function adds a whole HTML document to `out`. When memory or a maximum ran out, out->failed is set: answer 503.
 * `crisis` may be NULL where said: several are open, and it does not matter which. `values` is the form as it was sent, shown again as
 * typed (NULL: nothing was); `errors` what was wrong with it (NULL: a fresh form, which a link's query may fill in). Forms carry a
 * client_id: a new one, or that of a form shown again with its errors.
 * Field names are the contract's paths; names that begin with "_" are the page's own. */
#ifndef PAGE_CITIZEN_H
#define PAGE_CITIZEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "domain/gazetteer.h"
#include "net/form.h"
#include "page/assembly.h"
#include "page/crisis_view.h"
#include "page/request.h"
#include "page/stage.h"

/* GET / with one crisis open, or with ?crisis= naming one. */
void page_home(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis);
/* GET / with several open: choose a country. With none: says so. */
void page_choose(struct buffer *out, const struct page_request *request, const struct crisis_view *crises,
                 size_t count);

void page_register_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors);

/* One question of it. */
struct register_step_view {
    struct page_stage stage;
    bool checking; /* one answer is being changed: the list of answers comes next */
    bool sent;     /* the values came by POST, the client_id among them; else by a link, if at all */
    const struct form *values;
    const struct field_errors *errors; /* of this question; may be NULL */
    unsigned people;                   /* named so far, the first included */
    struct slice phone;                /* as it was understood, to be shown; may be empty */
};
void page_register_step(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct register_step_view *view);

/* A map to tap, and towns and crossings to choose; `values` is the form that the place is for. `missed`: neither was done. */
void page_place_map(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct gazetteer *gazetteer, const struct form *values, bool missed);

/* What a spot on the map or a place as typed may be. */
struct place_choices_view {
    struct slice typed;
    struct slice lat; /* of the spot, as it goes back in the form; empty: it was typed, while registering */
    struct slice lon;
    const struct slice *names;
    size_t count;
};
void page_place_choices(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct place_choices_view *view);

struct registered_view {
    struct slice case_code; /* "K7M2Q-9QXD4" */
    struct slice secret;
    bool via_journal;
    int64_t check_in_by_us;
    struct slice phone; /* that we shall text, as read out there; empty: none */
};
void page_registered(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                     const struct registered_view *view);

/* `crisis` may be NULL. To open it with a status chosen or a case filled in (GET /check-in?status=need_help), hand the query as
 * `values`: what it lacks is left blank. */
void page_check_in_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors);

struct checked_in_view {
    struct slice receipt; /* the client_id */
    bool via_journal;
    unsigned band; /* 0: nobody needs to act */
    enum check_in_status status;
    struct slice phone;        /* that it was told from, as read out there; empty: by case code */
    struct slice case_code;    /* as typed; for sending the place after it */
    struct slice sender_phone; /* as typed */
    struct slice typed;        /* the place, when it is doubtful */
    const struct slice *names; /* towns that it may be */
    size_t count;
    struct assembly_view assembly; /* from the place that it told */
};
/* `crisis` may be NULL. */
void page_checked_in(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                     const struct checked_in_view *view);

/* `crisis` may be NULL. `not_found`: no such case with such a secret (the two look the same). */
void page_status_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                      const struct form *values, const struct field_errors *errors, bool not_found);

struct own_status_view { /* times are 0 where there is none */
    struct slice case_code;
    unsigned people;
    int64_t registered_us;
    int64_t check_in_by_us;
    struct slice last_status; /* "safe"; empty: never checked in */
    int64_t last_check_in_us;
    struct slice case_state; /* "open"; empty: nothing waits for an officer */
    int64_t received_us;     /* the cry that the case is about */
    int64_t read_us;         /* an officer read it */
    int64_t answered_us;     /* an officer acted on it */
    int64_t resolved_us;
    struct assembly_view assembly; /* from where they were last */
};
/* `crisis` may be NULL. */
void page_status(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                 const struct own_status_view *view);

/* A relative asks after someone: about/family_name, about/given_names, about/birth_date, about/place, about/last_contact,
 * asker/name, asker/relation, asker/phone, asker/email, message, crisis, client_id. */
void page_find_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors);
/* Never says whether the person is registered. */
void page_found(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                struct slice inquiry);

/* What the embassy says now; what is done with what one types. The same for everybody; `crisis` may be NULL. */
void page_alerts(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis);
void page_privacy(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis);
/* After Forget me on this phone. */
void page_forgotten(struct buffer *out, const struct page_request *request);

/* A refusal in words. `crisis` may be NULL; `detail_key` NULL: the status's own detail. */
void page_error(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                unsigned status, const char *detail_key);

#endif
