/* SPDX-License-Identifier: Apache-2.0
 * What cmd/dev/embed_assets.py makes of assets, templates and texts; private to lib/page. */
#ifndef PAGE_TABLE_H
#define PAGE_TABLE_H

#include <stddef.h>

#include "core/slice.h"
#include "page/asset.h"
#include "page/language.h"

enum page_node_kind {
    PAGE_NODE_LITERAL,  /* text: HTML as it is */
    PAGE_NODE_TEXT,     /* {{t.key}}: index of the key; its {placeholders} are names of the model */
    PAGE_NODE_VALUE,    /* {{name}}: escaped */
    PAGE_NODE_RAW,      /* {{{name}}}: only for what we made ourselves */
    PAGE_NODE_SECTION,  /* {{#name}}: the next `index` nodes, when there is something, for each item of a list */
    PAGE_NODE_INVERTED, /* {{^name}}: the next `index` nodes, when there is nothing */
    PAGE_NODE_PARTIAL,  /* {{>name}}: the template at `index` */
};

struct page_node {
    enum page_node_kind kind;
    unsigned index;
    struct slice text; /* the literal, or the name */
};

struct page_template {
    struct slice name;
    const struct page_node *nodes;
    size_t count;
};

extern const struct page_asset page_asset_table[];
extern const size_t page_asset_table_count;
extern const struct slice page_text_keys[]; /* in byte order */
extern const size_t page_text_key_count;
extern const struct page_language page_language_table[]; /* English first */
extern const size_t page_language_table_count;
extern const struct page_template page_template_table[]; /* in byte order */
extern const size_t page_template_table_count;
extern const char page_csp_public[]; /* with the hash of the style sheet that pages hold */

#endif
