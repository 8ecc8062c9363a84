/* SPDX-License-Identifier: Apache-2.0
 * Looking an asset up, and the security policies that go with what pages hold. */
#include "page/asset.h"

#include "page/table.h"

const struct page_asset *page_asset_find(struct slice name)
{
    for (size_t i = 0; i < page_asset_table_count; i++) {
        if (slice_equal(page_asset_table[i].name, name)) {
            return &page_asset_table[i];
        }
    }
    return NULL;
}

size_t page_asset_count(void)
{
    return page_asset_table_count;
}

const struct page_asset *page_asset_at(size_t index)
{
    return index < page_asset_table_count ? &page_asset_table[index] : NULL;
}

const char *page_csp(void)
{
    return page_csp_public;
}

const char *page_csp_desk(void)
{
    return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action "
           "'self'; "
           "base-uri 'none'; frame-ancestors 'none'";
}
