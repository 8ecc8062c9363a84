/* SPDX-License-Identifier: Apache-2.0
 * Values are escaped, models tell when memory ran out, and a name that is missing is counted. */
#include "page/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "page/table.h"

enum { SMALL = 64 * 1024 };

static void test_escape(void **state)
{
    static const struct {
        struct slice text;
        const char *html;
    } rows[] = {
        {SLICE_INIT(""), ""},
        {SLICE_INIT("plain"), "plain"},
        {SLICE_INIT("&"), "&amp;"},
        {SLICE_INIT("<"), "&lt;"},
        {SLICE_INIT(">"), "&gt;"},
        {SLICE_INIT("\""), "&quot;"},
        {SLICE_INIT("'"), "&#39;"},
        {SLICE_INIT("a<b>c"), "a&lt;b&gt;c"},
        {SLICE_INIT("&amp;"), "&amp;amp;"},
        {SLICE_INIT("<<>>"), "&lt;&lt;&gt;&gt;"},
        {SLICE_INIT("a\0b"), "a\uFFFDb"},
        {SLICE_INIT("\x1b[0m\x7f"), "\uFFFD[0m\uFFFD"},
        {SLICE_INIT("two\nlines\tand\r"), "two\nlines\tand\r"},
        {SLICE_INIT("Tillab\u00e9ri \u0627"), "Tillab\u00e9ri \u0627"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out;
        buffer_init(&out, SMALL);
        page_escape(&out, rows[i].text);
        assert_true(slice_equal(buffer_slice(&out), slice_of(rows[i].html)));
        buffer_release(&out);
    }
}

/* Whatever is typed, what comes out can end neither a tag nor a quoted attribute, and says the same. */
static void test_escape_property(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            const char text[2] = {(char)a, (char)b};
            struct buffer out;
            buffer_init(&out, SMALL);
            page_escape(&out, slice_make(text, sizeof(text)));
            for (size_t i = 0; i < out.length; i++) {
                assert_null(memchr("<>\"'", out.data[i], 4));
            }
            assert_true(out.length >= sizeof(text));
            buffer_release(&out);
        }
    }
}

#define NODE(node_kind, number, words)                                                                                 \
    {                                                                                                                  \
        .kind = (node_kind), .index = (number), .text = SLICE_INIT(words)                                              \
    }

/* [{{#list}}<{{name}}{{^last}}, {{/last}}>{{/list}}]{{^list}}none{{/list}}{{#flag}}!{{/flag}}{{{raw}}} */
static const struct page_node nodes[] = {
    NODE(PAGE_NODE_LITERAL, 0, "["),    NODE(PAGE_NODE_SECTION, 5, "list"),  NODE(PAGE_NODE_LITERAL, 0, "<"),
    NODE(PAGE_NODE_VALUE, 0, "name"),   NODE(PAGE_NODE_INVERTED, 1, "last"), NODE(PAGE_NODE_LITERAL, 0, ", "),
    NODE(PAGE_NODE_LITERAL, 0, ">"),    NODE(PAGE_NODE_LITERAL, 0, "]"),     NODE(PAGE_NODE_INVERTED, 1, "list"),
    NODE(PAGE_NODE_LITERAL, 0, "none"), NODE(PAGE_NODE_SECTION, 1, "flag"),  NODE(PAGE_NODE_LITERAL, 0, "!"),
    NODE(PAGE_NODE_RAW, 0, "raw"),
};
static const struct page_template sample = {SLICE_INIT("sample"), nodes, sizeof(nodes) / sizeof(nodes[0])};

static void assert_renders(struct page_model *model, const struct page_value *root, const char *expected,
                           unsigned unknown)
{
    struct buffer out;
    uint64_t before = page_unknown_names;
    buffer_init(&out, SMALL);
    page_render(&out, &sample, page_language_at(0), model, root);
    assert_false(out.failed);
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    assert_int_equal(page_unknown_names - before, unknown);
    buffer_release(&out);
}

static void test_sections(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, SMALL);
    struct page_model model = {.arena = &arena};
    struct page_value *root = page_object(&model);
    assert_renders(&model, root, "[]none", 4); /* list, list, flag, raw */
    page_set(&model, root, "raw", SLICE("<b>"));
    page_set_flag(&model, root, "flag", false);
    struct page_value *list = page_set_list(&model, root, "list");
    assert_renders(&model, root, "[]none<b>", 0);
    page_set_flag(&model, root, "flag", true);
    page_set(&model, root, "name", SLICE("outer"));
    struct page_value *item = page_add(&model, list);
    page_set(&model, item, "name", SLICE("a&b"));
    page_set_flag(&model, item, "last", false);
    item = page_add(&model, list); /* without a name of its own: the outer one is seen */
    page_set_flag(&model, item, "last", true);
    assert_renders(&model, root, "[<a&amp;b, ><outer>]!<b>", 0);
    arena_release(&arena);
}

static void test_depth_is_bounded(void **state)
{
    static struct page_node deep[PAGE_DEPTH_MAX + 2];
    static const struct page_template bottomless = {SLICE_INIT("deep"), deep, sizeof(deep) / sizeof(deep[0])};
    struct arena arena;
    struct buffer out;
    (void)state;
    for (unsigned i = 0; i < PAGE_DEPTH_MAX + 2; i++) {
        deep[i] = (struct page_node)NODE(PAGE_NODE_SECTION, 0, "again");
        deep[i].index = PAGE_DEPTH_MAX + 1 - i;
    }
    arena_init(&arena, SMALL);
    struct page_model model = {.arena = &arena};
    struct page_value *root = page_object(&model);
    page_set_object(&model, root, "again");
    buffer_init(&out, SMALL);
    page_render(&out, &bottomless, page_language_at(0), &model, root);
    assert_true(out.failed);
    buffer_release(&out);
    arena_release(&arena);
}

static void test_no_template_no_root(void **state)
{
    struct buffer out;
    struct arena arena;
    (void)state;
    arena_init(&arena, SMALL);
    struct page_model model = {.arena = &arena};
    buffer_init(&out, SMALL);
    page_render(&out, page_template_find("no such page"), page_language_at(0), &model, page_object(&model));
    assert_true(out.failed);
    buffer_clear(&out);
    page_render(&out, &sample, page_language_at(0), &model, NULL);
    assert_true(out.failed);
    buffer_release(&out);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_escape_property),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_no_template_no_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
