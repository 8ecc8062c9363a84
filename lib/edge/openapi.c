/* SPDX-License-Identifier: Apache-2.0
 * GET /openapi.json: what both listeners answer, for programs that make clients. Its source is lib/page/assets/openapi.json. */
#include "edge/handlers.h"
#include "edge/refusal.h"
#include "page/asset.h"

/* RFC 9110 section 13.1.2: "*", or a list of tags compared weakly. A tag is found with its quotes, so never inside another. */
static bool client_has(struct slice if_none_match, struct slice etag)
{
    return slice_equal(slice_trim(if_none_match), SLICE("*")) || slice_find(if_none_match, etag) < if_none_match.length;
}

void edge_handle_openapi(struct http_exchange *exchange, void *role)
{
    const struct page_asset *asset = page_asset_find(SLICE("openapi.json"));
    (void)role;
    if (asset == NULL) {
        edge_refuse(exchange, 404);
        return;
    }
    const struct http_header headers[] = {
        {SLICE("Content-Type"), asset->media_type},
        {SLICE("ETag"), asset->etag},
        {SLICE("Cache-Control"), SLICE("no-cache")},
        {SLICE("Access-Control-Allow-Origin"), SLICE("*")}, /* for documentation tools on other pages */
    };
    bool has = client_has(http_request_header(http_exchange_request(exchange), SLICE("If-None-Match")), asset->etag);
    http_exchange_respond(exchange, has ? 304 : 200, headers, sizeof(headers) / sizeof(headers[0]),
                          has ? SLICE("") : asset->bytes);
}
