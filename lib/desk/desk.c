/* SPDX-License-Identifier: Apache-2.0
 * The desk as a whole: its routes, what it is made of, how it drains. */
#include "desk/desk.h"

#include <sodium.h>
#include <stdlib.h>

#include "desk/handlers.h"
#include "desk/kept_asset.h"
#include "desk/role.h"
#include "page/tiles.h"

enum {
    DESK_BODY_MAX = 16 * 1024,
    DESK_PARTY_MAX = 64 * 1024, /* a party of thirty, as the citizen's own form may bring */
    POLICY_MAX = 2048,
    SEND_BUFFER = 128 * 1024,
    DESK_QUEUE_MAX = 1024, /* statements waiting for a connection */
    DESK_RETRIES = 3, /* of a statement that lost a deadlock: nobody is told to try again for what passes by itself */
    DESK_PIPELINE_DEPTH = 8, /* statements under way on one connection */
};

/* Under load, lists are refused before cases, and cases before the work on them. */
static const struct http_route routes[] = {
    {HTTP_GET, "/", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/broadcasts", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/account", desk_account_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/account/totp", desk_account_totp, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/map", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/intake", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/dashboard", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/audit", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/policy", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/warden", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/wardens", desk_page, ADMIT_PAGE, 0},
    {HTTP_GET, "/sign-in", desk_sign_in_page, ADMIT_PAGE, 0},
    {HTTP_POST, "/sign-in", desk_sign_in_form, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_POST, "/sign-in/card", desk_sign_in_card, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/assets/{name}", desk_asset, ADMIT_PAGE, 0},
    {HTTP_POST, "/api/v1/session", desk_post_session, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/session", desk_delete_session, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/sessions", desk_sessions, ADMIT_PAGE, 0},
    {HTTP_DELETE, "/api/v1/sessions/{session}", desk_delete_one_session, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/tokens", desk_post_token, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/password", desk_post_password, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/resets", desk_resets, ADMIT_PAGE, 0},
    {HTTP_POST, "/api/v1/resets", desk_post_reset, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/resets/{reset}/approve", desk_approve_reset, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/resets/{reset}", desk_delete_reset, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/me", desk_me, ADMIT_PAGE, 0},
    {HTTP_GET, "/api/v1/queues", desk_queues, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/queues/{queue}/cases", desk_cases, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/queues/{queue}/claim", desk_claim, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/search", desk_search, ADMIT_CHECK_IN, 0},
    {HTTP_POST, "/api/v1/search", desk_search, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/cases/{case}", desk_case, ADMIT_CHECK_IN, 0},
    {HTTP_GET, "/api/v1/cases/{case}/check-ins", desk_check_ins, ADMIT_CHECK_IN, 0},
    {HTTP_POST, "/api/v1/cases/{case}/check-ins", desk_post_check_in, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/cases/{case}/duplicates", desk_duplicates, ADMIT_CHECK_IN, 0},
    {HTTP_POST, "/api/v1/cases/{case}/keep-apart", desk_keep_apart, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/cases/{case}/maybe-same", desk_maybe_same, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/cases/{case}/merge", desk_merge, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/cases/{case}/unmerge", desk_unmerge, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/cases/{case}/{action}", desk_case_action, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/registrations", desk_post_registration, ADMIT_HELP, DESK_PARTY_MAX},
    {HTTP_GET, "/api/v1/warden", desk_warden, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/warden/{case}/words", desk_post_word, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/warden/{case}/words/{word}", desk_delete_word, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/wardens", desk_wardens, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/wardens/{user}/households", desk_warden_list, ADMIT_REGISTRATION, 0},
    {HTTP_PUT, "/api/v1/wardens/{user}/households", desk_put_warden_list, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/wardens/{user}/households", desk_post_warden_list, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/wardens/{user}/households", desk_delete_warden_list, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/wardens/{user}/households/{case}", desk_take_household, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/events", desk_events, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/presence", desk_presence, ADMIT_PAGE, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/map", desk_map, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/figures", desk_figures, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/places", desk_places, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/audit", desk_audit, ADMIT_REGISTRATION, 0},
    {HTTP_GET, "/api/v1/zones", desk_zones, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/zones", desk_post_zone, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_POST, "/api/v1/zones/preview", desk_preview_zone, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/zones/{zone}", desk_zone, ADMIT_CHECK_IN, 0},
    {HTTP_PUT, "/api/v1/zones/{zone}", desk_put_zone, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_DELETE, "/api/v1/zones/{zone}", desk_delete_zone, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/hand-over", desk_hand_overs, ADMIT_CHECK_IN, 0},
    {HTTP_POST, "/api/v1/hand-over", desk_post_hand_over, ADMIT_HELP, DESK_PARTY_MAX},
    {HTTP_POST, "/api/v1/hand-over/{hand_over}/read", desk_hand_over_read, ADMIT_CHECK_IN, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/policy", desk_policy, ADMIT_CHECK_IN, 0},
    {HTTP_PUT, "/api/v1/policy", desk_put_policy, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_PATCH, "/api/v1/policy", desk_patch_policy, ADMIT_HELP, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/policy/history", desk_policy_history, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/policy/preview", desk_policy_preview, ADMIT_REGISTRATION, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/colleagues", desk_colleagues, ADMIT_CHECK_IN, 0},
    {HTTP_GET, "/api/v1/broadcasts", desk_broadcasts, ADMIT_REGISTRATION, 0},
    {HTTP_POST, "/api/v1/broadcasts", desk_post_broadcast, ADMIT_REGISTRATION, DESK_BODY_MAX},
    {HTTP_GET, "/api/v1/broadcasts/{broadcast}", desk_broadcast, ADMIT_CHECK_IN, 0},
    {HTTP_POST, "/api/v1/broadcasts/{broadcast}/{action}", desk_broadcast_action, ADMIT_HELP, DESK_BODY_MAX},
};

static bool open_rooms(struct desk *desk, const struct desk_config *config, struct error *error)
{
    note_epoch_init(&desk->notes, config->recipients, config->recipient_count, &config->clock);
    desk->guard = sign_in_guard_new();
    desk->assets = kept_assets_new();
    if (!opening_init(&desk->opening, config->secret_key) || desk->guard == NULL || desk->assets == NULL) {
        return error_set(error, ERROR_NOMEM, "desk", "out of memory");
    }
    desk->passwords = password_pool_new(config->base, error);
    return desk->passwords != NULL;
}

/* Every statement of the desk reads few rows by an index, whatever the size of the register. So its plans are made once a connection and
 * for that: PostgreSQL would make them anew at each call where a table is large, which takes longer than running them, and turn to reading
 * whole tables where it takes them for small. See docs/performance.md. */
static const char *const settings[] = {
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off", /* it reads a queue whole to sort it */
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET jit = off",
    "SET max_parallel_workers_per_gather = 0", /* the other cores have check-ins to store */
    NULL};

/* Only presence comes by NOTIFY: few, and nothing waits for it. */
static const char *const channels[] = {"muster_presence", NULL};

static void on_notify(void *context, struct slice channel, struct slice payload)
{
    struct desk *desk = context;
    (void)channel;
    live_hear(desk->live, payload);
}

static bool open_pool(struct desk *desk, const struct desk_config *config, struct error *error)
{
    const struct pg_pool_config pool = {
        .base = config->base,
        .conninfo = config->conninfo,
        .role = "muster_desk",
        .connections = config->connections,
        .pipeline_depth = DESK_PIPELINE_DEPTH,
        .queue_max = DESK_QUEUE_MAX,
        .retries = DESK_RETRIES,
        .settings = settings,
        .listen = channels,
        .on_notify = on_notify,
        .context = desk,
    };
    desk->live = live_new(config->base, error);
    desk->pool = desk->live != NULL ? pg_pool_new(&pool, error) : NULL;
    if (desk->pool != NULL) {
        live_start(desk->live, desk->pool);
    }
    return desk->pool != NULL;
}

/* A console that does not read must not hold the kernel's memory by the megabyte, and be told minutes later what was. */
static struct http_limits limits(void)
{
    struct http_limits limits = http_limits_default();
    limits.send_buffer = SEND_BUFFER;
    return limits;
}

static bool open_server(struct desk *desk, const struct desk_config *config, struct error *error)
{
    struct buffer policy; /* the server copies it */
    desk->tiles_url = slice_of(config->tiles_url);
    desk->tiles_attribution = slice_of(config->tiles_attribution);
    if (desk->tiles_url.length > 0 && !page_tiles_fit(desk->tiles_url)) {
        return error_set(error, ERROR_INVALID, "desk",
                         "[desk] tiles_url must be https://HOST/... with {z}, {x} and {y}");
    }
    buffer_init(&policy, POLICY_MAX);
    page_tiles_csp(&policy, desk->tiles_url);
    buffer_add_byte(&policy, '\0');
    if (policy.failed) {
        buffer_release(&policy);
        return error_set(error, ERROR_NOMEM, "desk", "out of memory");
    }
    const struct http_server_config server = {
        .base = config->base,
        .listen = config->listen,
        .tls = config->tls,
        .routes = routes,
        .route_count = sizeof(routes) / sizeof(routes[0]),
        .fallback = desk_not_found,
        .role = desk,
        .content_security_policy = buffer_slice(&policy).data,
        .limits = limits(),
        .clock = config->clock,
    };
    desk->server = http_server_new(&server, error);
    buffer_release(&policy);
    return desk->server != NULL;
}

struct desk *desk_new(const struct desk_config *config, struct error *error)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    if (desk == NULL) {
        (void)error_set(error, ERROR_NOMEM, "desk", "out of memory");
        return NULL;
    }
    desk->base = config->base;
    desk->clock = config->clock;
    desk->asks_for_cards = config->asks_for_cards;
    blind_keys_derive(config->index_key, &desk->keys);
    if (!open_rooms(desk, config, error) || !open_pool(desk, config, error) || !open_server(desk, config, error)) {
        desk_free(desk);
        return NULL;
    }
    return desk;
}

void desk_set_tls(struct desk *desk, SSL_CTX *tls)
{
    http_server_set_tls(desk->server, tls);
}

void desk_drain(struct desk *desk, void (*on_drained)(void *context), void *context)
{
    live_close(desk->live);
    http_server_drain(desk->server, on_drained, context);
}

void desk_free(struct desk *desk)
{
    if (desk == NULL) {
        return;
    }
    http_server_free(desk->server); /* first: drops every exchange, so nothing tells one that is gone */
    password_pool_free(desk->passwords);
    live_free(desk->live);
    pg_pool_free(desk->pool);
    sign_in_guard_free(desk->guard);
    kept_assets_free(desk->assets);
    note_epoch_release(&desk->notes);
    opening_release(&desk->opening);
    sodium_memzero(&desk->keys, sizeof(desk->keys));
    free(desk);
}

unsigned desk_port(const struct desk *desk)
{
    return http_server_port(desk->server);
}
