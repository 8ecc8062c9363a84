/* SPDX-License-Identifier: Apache-2.0
 * The desk's assets, compressed at the first request for each and kept as long as the process: they are the same for everybody and hold no secret. */
#ifndef DESK_KEPT_ASSET_H
#define DESK_KEPT_ASSET_H

#include "net/http.h"
#include "page/asset.h"

struct kept_assets;

/* NULL when memory is out. */
struct kept_assets *kept_assets_new(void);
void kept_assets_free(struct kept_assets *kept);

/* Answers with the asset as the client takes it best, or 304 when it has it. As it is when it cannot be compressed for want of memory. */
void kept_assets_respond(struct kept_assets *kept, struct http_exchange *exchange, const struct page_asset *asset);

#endif
