/* SPDX-License-Identifier: Apache-2.0
 * The sign-in form, and the frames of the console, of the broadcasts' page and of the map with every word their scripts show. */
#include "page/desk.h"

#include "core/json_text.h"
#include "domain/broadcast.h"
#include "domain/vocabulary.h"
#include "page/frame.h"
#include "page/table.h"

enum { TEXTS_MAX = 64 * 1024 };

/* What of the catalogue console.js speaks. */
static const struct slice console_prefixes[] = {
    SLICE_INIT("band."),
    SLICE_INIT("category."),
    SLICE_INIT("channel."),
    SLICE_INIT("console."),
    SLICE_INIT("delivery."),
    SLICE_INIT("delivery_reason."),
    SLICE_INIT("contact_kind."),
    SLICE_INIT("intent."),
    SLICE_INIT("need."),
    SLICE_INIT("queue."),
    SLICE_INIT("reason."),
    SLICE_INIT("state."),
    SLICE_INIT("status."),
    SLICE_INIT("stored_via."),
    SLICE_INIT("map.small_"),
    SLICE_INIT("search."),
    SLICE_INIT("case_step."),
    SLICE_INIT("waiting_on."),
    SLICE_INIT("why."),
    SLICE_INIT("shift."),
    SLICE_INIT("merge."),
    SLICE_INIT("heard."),
    SLICE_INIT("warden."),
    SLICE_INIT("give."),
    SLICE_INIT("audit.does.case.read"),
    SLICE_INIT("audit.does.case.duplicates"),
    SLICE_INIT("audit.does.audit."),
};
/* What of it broadcasts.js speaks. */
static const struct slice broadcast_prefixes[] = {
    SLICE_INIT("band."), SLICE_INIT("broadcast."), SLICE_INIT("intent."), SLICE_INIT("need."), SLICE_INIT("status."),
};

/* What of it map.js speaks. */
static const struct slice map_prefixes[] = {SLICE_INIT("band."), SLICE_INIT("map."), SLICE_INIT("queue."),
                                            SLICE_INIT("zone.")};

/* What of it dashboard.js speaks. */
static const struct slice dashboard_prefixes[] = {SLICE_INIT("dashboard."), SLICE_INIT("need."), SLICE_INIT("queue."),
                                                  SLICE_INIT("zone.kind_")};

/* What of it audit.js speaks. */
static const struct slice audit_prefixes[] = {SLICE_INIT("audit."), SLICE_INIT("why.")};
/* What of it policy.js speaks. */
static const struct slice policy_prefixes[] = {SLICE_INIT("band."), SLICE_INIT("policy."), SLICE_INIT("reason.")};

/* What of it intake.js speaks. */
static const struct slice intake_prefixes[] = {
    SLICE_INIT("intake."), SLICE_INIT("intent."), SLICE_INIT("need."),   SLICE_INIT("queue."),
    SLICE_INIT("search."), SLICE_INIT("state."),  SLICE_INIT("status."),
};

/* What of it warden.js speaks. */
static const struct slice warden_prefixes[] = {SLICE_INIT("need."), SLICE_INIT("warden.")};
/* What of it wardens.js speaks. */
static const struct slice wardens_prefixes[] = {SLICE_INIT("wardens.")};

struct prefixes {
    const struct slice *items;
    size_t count;
};

static bool is_spoken(struct slice key, const struct prefixes *prefixes)
{
    for (size_t i = 0; i < prefixes->count; i++) {
        if (slice_starts_with(key, prefixes->items[i])) {
            return true;
        }
    }
    return false;
}

static void add_member(struct buffer *json, struct slice name, struct slice text)
{
    buffer_add_text(json, json->length > 1 ? "," : "");
    json_text_add(json, name);
    buffer_add_byte(json, ':');
    json_text_add(json, text);
}

/* "list.need": "medical_emergency medication ...": the words of a vocabulary in its own order. */
static void add_vocabulary(struct buffer *json, struct slice name, const struct vocabulary *vocabulary)
{
    struct buffer list;
    buffer_init(&list, TEXTS_MAX);
    for (unsigned i = 0; i < vocabulary->count; i++) {
        buffer_add_text(&list, i > 0 ? " " : "");
        buffer_add_slice(&list, vocabulary_name(vocabulary, i));
    }
    add_member(json, name, buffer_slice(&list));
    json->failed = json->failed || list.failed;
    buffer_release(&list);
}

/* What an audience is chosen by, and the sentence that asks for an answer in each language: it counts in what a text costs. */
static void add_broadcast_facts(struct buffer *json)
{
    add_vocabulary(json, SLICE("list.status"), &vocabulary_check_in_status);
    add_vocabulary(json, SLICE("list.intent"), &vocabulary_intent);
    add_vocabulary(json, SLICE("list.need"), &vocabulary_need);
    add_member(json, SLICE("ask"), SLICE(BROADCAST_ASK_EVERYBODY));
    for (size_t i = 0; i < page_language_count(); i++) {
        const struct page_language *language = page_language_at(i);
        char name[32] = "ask.";
        size_t length = sizeof("ask.") - 1;
        for (size_t c = 0; c < language->tag.length && length < sizeof(name); c++) {
            name[length++] = language->tag.data[c];
        }
        add_member(json, slice_make(name, length), page_text(language, "sms.broadcast_ask"));
    }
}

static void add_intake_facts(struct buffer *json)
{
    add_vocabulary(json, SLICE("list.need"), &vocabulary_need);
    add_vocabulary(json, SLICE("list.intent"), &vocabulary_intent);
}

/* {"csrf":..., "user":..., "band.1": "Immediate", ...} as it may stand in a script element. */
static struct slice settings_of(struct page_frame *frame, const struct desk_console_view *view,
                                const struct prefixes *prefixes, void (*add_facts)(struct buffer *json))
{
    struct buffer json;
    buffer_init(&json, TEXTS_MAX);
    buffer_add_byte(&json, '{');
    add_member(&json, SLICE("csrf"), view->csrf);
    add_member(&json, SLICE("user"), view->user);
    add_member(&json, SLICE("role"), view->role);
    add_member(&json, SLICE("language"), frame->language->tag);
    add_member(&json, SLICE("tiles_url"), view->tiles_url);
    add_member(&json, SLICE("tiles_attribution"), view->tiles_attribution);
    for (size_t i = 0; i < page_text_key_count; i++) {
        if (is_spoken(page_text_keys[i], prefixes)) {
            add_member(&json, page_text_keys[i], frame->language->texts[i]);
        }
    }
    if (add_facts != NULL) {
        add_facts(&json);
    }
    buffer_add_byte(&json, '}');
    struct slice settings = page_made(&frame->model, arena_dup(frame->model.arena, buffer_slice(&json)));
    frame->model.failed = frame->model.failed || json.failed;
    buffer_release(&json);
    return settings;
}

struct slice page_desk_settings(struct page_frame *frame, const struct desk_console_view *view, struct slice prefix)
{
    const struct prefixes prefixes = {&prefix, 1};
    return settings_of(frame, view, &prefixes, NULL);
}

void page_desk_sign_in(struct buffer *out, const struct page_request *request, const struct desk_sign_in_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, true);
    page_frame_title(&frame, "sign_in.title", SLICE(""));
    page_set(&frame.model, frame.root, "csrf", view->csrf);
    page_set(&frame.model, frame.root, "user", view->user);
    page_set(&frame.model, frame.root, "next", view->next);
    page_set(&frame.model, frame.root, "problem",
             view->problem_key != NULL ? page_text(request->language, view->problem_key) : SLICE(""));
    page_set_flag(&frame.model, frame.root, "cards", view->cards);
    page_frame_render(&frame, out, "desk_sign_in");
}

#define SPEAKS(list) list, sizeof(list) / sizeof(list[0])

static const struct {
    struct slice path;
    const char *title_key, *template_name;
    const struct slice *prefixes;
    size_t prefix_count;
    void (*add_facts)(struct buffer *json);
} pages[DESK_PAGE_COUNT] = {
    [DESK_PAGE_CONSOLE] = {SLICE_INIT("/"), "console.title", "desk_console", SPEAKS(console_prefixes), NULL},
    [DESK_PAGE_BROADCASTS] = {SLICE_INIT("/broadcasts"), "broadcast.title", "desk_broadcasts",
                              SPEAKS(broadcast_prefixes), add_broadcast_facts},
    [DESK_PAGE_MAP] = {SLICE_INIT("/map"), "map.title", "desk_map", SPEAKS(map_prefixes), NULL},
    [DESK_PAGE_DASHBOARD] = {SLICE_INIT("/dashboard"), "dashboard.title", "desk_dashboard", SPEAKS(dashboard_prefixes),
                             NULL},
    [DESK_PAGE_AUDIT] = {SLICE_INIT("/audit"), "audit.title", "desk_audit", SPEAKS(audit_prefixes), NULL},
    [DESK_PAGE_POLICY] = {SLICE_INIT("/policy"), "policy.title", "desk_policy", SPEAKS(policy_prefixes), NULL},
    [DESK_PAGE_INTAKE] = {SLICE_INIT("/intake"), "intake.title", "desk_intake", SPEAKS(intake_prefixes),
                          add_intake_facts},
    [DESK_PAGE_WARDEN] = {SLICE_INIT("/warden"), "warden.title", "desk_warden", SPEAKS(warden_prefixes), NULL},
    [DESK_PAGE_WARDENS] = {SLICE_INIT("/wardens"), "wardens.title", "desk_wardens", SPEAKS(wardens_prefixes), NULL},
};

struct slice page_desk_path(enum desk_page which)
{
    return pages[which].path;
}

void page_desk(struct buffer *out, const struct page_request *request, const struct desk_console_view *view,
               enum desk_page which)
{
    const struct prefixes prefixes = {pages[which].prefixes, pages[which].prefix_count};
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, true);
    page_frame_title(&frame, pages[which].title_key, SLICE(""));
    page_set(&frame.model, frame.root, "user", view->user);
    page_set(&frame.model, frame.root, "role", view->role);
    page_set(&frame.model, frame.root, "leads", slice_equal(view->role, SLICE("lead")) ? view->role : SLICE(""));
    for (size_t i = 0; i < DESK_PAGE_COUNT; i++) { /* for desk_top.html */
        page_set(&frame.model, frame.root, pages[i].template_name, i == which ? SLICE("here") : SLICE(""));
    }
    page_set_flag(&frame.model, frame.root, "reads_audit",
                  slice_equal(view->role, SLICE("lead")) || slice_equal(view->role, SLICE("admin")));
    page_set(&frame.model, frame.root, "settings", settings_of(&frame, view, &prefixes, pages[which].add_facts));
    page_frame_render(&frame, out, pages[which].template_name);
}
