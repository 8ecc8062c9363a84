/* SPDX-License-Identifier: Apache-2.0
 * Walks a template's nodes with a stack of scopes: a name is looked for in the innermost object first. */
#include "page/render.h"

#include "page/table.h"

uint64_t page_unknown_names;

struct renderer {
    struct buffer *out;
    const struct page_language *language;
    const struct page_value *scopes[PAGE_DEPTH_MAX];
    unsigned scope_count;
    unsigned depth;
};

const struct page_template *page_template_find(const char *name)
{
    for (size_t i = 0; i < page_template_table_count; i++) {
        if (slice_equal(page_template_table[i].name, slice_of(name))) {
            return &page_template_table[i];
        }
    }
    return NULL;
}

static struct slice escape_of(char c)
{
    switch (c) {
    case '&':
        return SLICE("&amp;");
    case '<':
        return SLICE("&lt;");
    case '>':
        return SLICE("&gt;");
    case '"':
        return SLICE("&quot;");
    case '\'':
        return SLICE("&#39;");
    case '\t':
    case '\n':
    case '\r':
        return SLICE("");
    default: /* HTML 13.2.3.5: other control characters are parse errors */
        return (unsigned char)c < 0x20 || c == 0x7f ? SLICE("\xef\xbf\xbd") : SLICE("");
    }
}

void page_escape(struct buffer *out, struct slice text)
{
    size_t plain = 0; /* start of the run that needs no escape */
    for (size_t i = 0; i < text.length; i++) {
        struct slice escape = escape_of(text.data[i]);
        if (escape.length > 0) {
            buffer_add_slice(out, slice_sub(text, plain, i));
            buffer_add_slice(out, escape);
            plain = i + 1;
        }
    }
    buffer_add_slice(out, slice_sub(text, plain, text.length));
}

static const struct page_value *look_up(const struct renderer *renderer, struct slice name)
{
    for (unsigned i = renderer->scope_count; i > 0; i--) {
        const struct page_value *member = page_value_member(renderer->scopes[i - 1], name);
        if (member != NULL) {
            return member;
        }
    }
    page_unknown_names++;
    return NULL;
}

/* The words of the catalogue are ours, but they are words, not markup: they are escaped like the values put into them. */
static void render_text(struct renderer *renderer, struct slice text)
{
    while (text.length > 0) {
        size_t open = slice_index(text, '{');
        page_escape(renderer->out, slice_sub(text, 0, open));
        text = slice_sub(text, open, text.length);
        size_t close = slice_index(text, '}');
        if (close == text.length) {
            page_escape(renderer->out, text);
            return;
        }
        const struct page_value *value = look_up(renderer, slice_sub(text, 1, close));
        if (value != NULL) {
            page_escape(renderer->out, page_value_text(value));
        }
        text = slice_sub(text, close + 1, text.length);
    }
}

static void render_nodes(struct renderer *renderer, const struct page_node *nodes, size_t count);

static void render_inside(struct renderer *renderer, const struct page_value *scope, const struct page_node *nodes,
                          size_t count)
{
    if (renderer->depth == PAGE_DEPTH_MAX) {
        renderer->out->failed = true;
        return;
    }
    renderer->depth++;
    if (scope != NULL) {
        renderer->scopes[renderer->scope_count++] = scope; /* never more scopes than depth */
    }
    render_nodes(renderer, nodes, count);
    if (scope != NULL) {
        renderer->scope_count--;
    }
    renderer->depth--;
}

static void render_section(struct renderer *renderer, const struct page_node *node)
{
    const struct page_value *value = look_up(renderer, node->text);
    if (value == NULL || !page_value_is_there(value)) {
        return;
    }
    switch (page_value_kind(value)) {
    case PAGE_VALUE_TEXT:
    case PAGE_VALUE_FLAG:
        render_inside(renderer, NULL, node + 1, node->index);
        return;
    case PAGE_VALUE_OBJECT:
        render_inside(renderer, value, node + 1, node->index);
        return;
    case PAGE_VALUE_LIST:
        for (const struct page_value *item = page_value_next(value, NULL); item != NULL;
             item = page_value_next(value, item)) {
            render_inside(renderer, item, node + 1, node->index);
        }
        return;
    }
}

static void render_value(struct renderer *renderer, const struct page_node *node)
{
    const struct page_value *value = look_up(renderer, node->text);
    if (value == NULL) {
        return;
    }
    if (node->kind == PAGE_NODE_RAW) {
        buffer_add_slice(renderer->out, page_value_text(value));
    } else {
        page_escape(renderer->out, page_value_text(value));
    }
}

/* Handles one node; returns how many nodes behind it are handled with it. */
static size_t render_node(struct renderer *renderer, const struct page_node *node)
{
    switch (node->kind) {
    case PAGE_NODE_LITERAL:
        buffer_add_slice(renderer->out, node->text);
        return 0;
    case PAGE_NODE_TEXT:
        render_text(renderer, renderer->language->texts[node->index]);
        return 0;
    case PAGE_NODE_VALUE:
    case PAGE_NODE_RAW:
        render_value(renderer, node);
        return 0;
    case PAGE_NODE_SECTION:
        render_section(renderer, node);
        return node->index;
    case PAGE_NODE_INVERTED: {
        const struct page_value *value = look_up(renderer, node->text);
        if (value == NULL || !page_value_is_there(value)) {
            render_inside(renderer, NULL, node + 1, node->index);
        }
        return node->index;
    }
    case PAGE_NODE_PARTIAL: {
        const struct page_template *partial = &page_template_table[node->index];
        render_inside(renderer, NULL, partial->nodes, partial->count);
        return 0;
    }
    }
    return 0;
}

static void render_nodes(struct renderer *renderer, const struct page_node *nodes, size_t count)
{
    for (size_t i = 0; i < count && !renderer->out->failed; i++) {
        i += render_node(renderer, &nodes[i]);
    }
}

void page_render(struct buffer *out, const struct page_template *template, const struct page_language *language,
                 const struct page_model *model, const struct page_value *root)
{
    if (template == NULL || root == NULL || model->failed) {
        out->failed = true;
        return;
    }
    struct renderer renderer = {.out = out, .language = language, .scopes = {root}, .scope_count = 1, .depth = 1};
    render_nodes(&renderer, template->nodes, template->count);
}
