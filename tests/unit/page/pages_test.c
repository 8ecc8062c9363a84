/* SPDX-License-Identifier: Apache-2.0
 * Every page in every language: complete, small, safe, and with what was typed still in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "page/asset.h"
#include "page/render.h"
#include "samples.h"

enum {
    HOME_MAX = 28 * 1024 /* with its form and script; on the wire: tests/integration/test_weight.py */,
    STYLE_MAX = 5 * 1024,
    ARENA_MAX = 4 * 1024 * 1024
};

struct page {
    struct arena arena;
    struct buffer out;
    struct page_request request;
};

static void page_begin(struct page *page, size_t language)
{
    arena_init(&page->arena, ARENA_MAX);
    buffer_init(&page->out, PAGE_MAX);
    page->request = (struct page_request){.arena = &page->arena,
                                          .language = page_language_at(language),
                                          .path = SLICE("/here"),
                                          .crisis = SLICE("ner-2023"),
                                          .now_us = SAMPLE_TIME};
}

static void page_end(struct page *page)
{
    buffer_release(&page->out);
    arena_release(&page->arena);
}

static bool has(const struct page *page, const char *text)
{
    return slice_find(buffer_slice(&page->out), slice_of(text)) < page->out.length;
}

static unsigned count_of(struct slice rest, const char *text)
{
    unsigned count = 0;
    for (size_t at = slice_find(rest, slice_of(text)); at < rest.length; at = slice_find(rest, slice_of(text))) {
        rest = slice_sub(rest, at + 1, rest.length);
        count++;
    }
    return count;
}

static void write_sample(struct page *page, const char *name, size_t language)
{
    page_begin(page, language);
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        if (strcmp(samples[i].name, name) == 0) {
            samples[i].write(&page->out, &page->request);
        }
    }
    assert_false(page->out.failed);
    assert_true(page->out.length > 0);
}

static void check_page(const struct page *page, const char *name)
{
    static const char *const pairs[][2] = {
        {"<form", "</form>"},
        {"<details", "</details>"},
        {"<fieldset", "</fieldset>"},
        {"<section", "</section>"},
        {"<label", "</label>"},
        {"<select", "</select>"},
        {"<textarea", "</textarea>"},
        {"<option", "</option>"},
        {"<ul", "</ul>"},
        {"<li>", "</li>"},
        {"<main", "</main>"},
        {"<p", "</p"},
        {"<legend", "</legend>"},
        {"<button", "</button>"},
        {"<dl", "</dl>"},
        {"<h2", "</h2>"},
    };
    struct slice html = buffer_slice(&page->out);
    bool scripted = strcmp(name, "console") == 0 || strcmp(name, "broadcasts") == 0 || strncmp(name, "account", 7) == 0;
    assert_true(slice_starts_with(html, SLICE("<!doctype html>\n<html lang=\"")));
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        size_t others = strcmp(pairs[i][0], "<p") == 0 ? count_of(html, "<path") : 0;
        if (count_of(html, pairs[i][0]) - others != count_of(html, pairs[i][1])) {
            fail_msg("%s: %s and %s do not pair", name, pairs[i][0], pairs[i][1]);
        }
    }
    assert_true(has(page, "</html>") && has(page, "name=\"viewport\"") && has(page, "<title>"));
    assert_false(has(page, "http:") || has(page, "https:") || has(page, "//"));
    assert_false(has(page, " style=") || has(page, " onclick=") || has(page, "javascript:"));
    assert_false(has(page, "{{") || has(page, "}}}"));
    size_t scripts = count_of(html, "<script");
    assert_int_equal(scripts, count_of(html, "</script>"));
    bool registers = strncmp(name, "register", 8) == 0 || strncmp(name, "step_", 5) == 0;
    if (!(scripted ? scripts >= 2 : scripts == (registers ? 2 : 1))) {
        fail_msg("%s has %zu scripts", name, scripts);
    }
    assert_int_equal(count_of(html, "<h1"),
                     strncmp(name, "home", 4) == 0 ? 2 : 1); /* home's form, not opened yet, has its own */
}

static void test_every_page_is_whole(void **state)
{
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (size_t i = 0; i < SAMPLE_COUNT; i++) {
            struct page page;
            uint64_t unknown = page_unknown_names;
            char lang[32];
            write_sample(&page, samples[i].name, l);
            (void)snprintf(lang, sizeof(lang), "<html lang=\"%s\"", page.request.language->tag.data);
            assert_true(has(&page, lang));
            if (page_unknown_names != unknown) {
                fail_msg("%s asks for a name its model lacks", samples[i].name);
            }
            check_page(&page, samples[i].name);
            page_end(&page);
        }
    }
}

/* Memory that runs out anywhere gives a failure, never a page with a hole. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct page whole;
        write_sample(&whole, samples[i].name, 0);
        for (size_t maximum = 0; maximum < whole.arena.total; maximum += 512) {
            struct page page;
            page_begin(&page, 0);
            page.arena.maximum = maximum;
            samples[i].write(&page.out, &page.request);
            assert_true(page.out.failed || page.out.length == whole.out.length);
            page_end(&page);
        }
        for (size_t maximum = 0; maximum < whole.out.length; maximum += 509) {
            struct page page;
            page_begin(&page, 0);
            page.out.maximum = maximum;
            samples[i].write(&page.out, &page.request);
            assert_true(page.out.failed);
            page_end(&page);
        }
        page_end(&whole);
    }
}

static void test_home_is_small_and_tells_four_facts(void **state)
{
    struct page page;
    (void)state;
    write_sample(&page, "home", 0);
    assert_in_range(page.out.length, 1, HOME_MAX);
    assert_true(has(&page, "/check-in?lang=en&amp;crisis=ner-2023&amp;status=need_help"));
    assert_true(has(&page, "Routine services, such as passport renewal, are suspended."));
    assert_true(has(&page, "Emergency help for citizens continues."));
    assert_true(has(&page, "Level 4: do not travel"));
    assert_true(has(&page, "No evacuation has been ordered."));
    assert_true(has(&page, "Message from the embassy"));
    assert_true(has(&page, "Outside the capital: emergency help by phone and message only."));
    assert_true(has(&page, "href=\"/here?lang=fr&amp;crisis=ner-2023\" lang=\"fr\""));
    page_end(&page);
}

static void test_what_was_typed_is_kept(void **state)
{
    static const char *const kept[] = {
        "name=\"client_id\" value=\"123e4567-e89b-42d3-a456-426614174000\"",
        "name=\"party/0/family_name\" value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;b x=&#39;\"",
        "name=\"party/0/given_names\" value=\"Amina &amp; Co\"",
        "name=\"party/0/birth_date\" value=\"30 February\"",
        "name=\"party/0/needs\" value=\"medication\" checked",
        "name=\"party/0/needs\" value=\"pregnant\" checked",
        "name=\"party/1/given_names\" value=\"Issa\"",
        "<option value=\"whatsapp\" selected>",
        "name=\"intent\" value=\"undecided\" checked",
        "name=\"consent/family\" value=\"true\" checked",
    };
    struct page page;
    (void)state;
    write_sample(&page, "register_wrong", 0);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (!has(&page, kept[i])) {
            fail_msg("lost: %s", kept[i]);
        }
    }
    assert_false(has(&page, "name=\"party/0/needs\" value=\"infant\" checked"));
    assert_false(has(&page, "name=\"consent/partners\" value=\"true\" checked"));
    assert_int_equal(count_of(buffer_slice(&page.out), "<details open>"), 2); /* needs of person 1, and person 2 */
    page_end(&page);
    write_sample(&page, "check_in_wrong", 1);
    assert_true(has(&page, "name=\"case\" value=\"K7M2Q-9QXD5\"") && has(&page, "value=\"injured\" checked"));
    assert_true(has(&page, ">two of us &lt;/textarea&gt; hurt</textarea>"));
    page_end(&page);
}

static void test_errors_are_listed_and_beside_their_fields(void **state)
{
    struct page page;
    (void)state;
    write_sample(&page, "register_wrong", 0);
    assert_true(has(&page, "<title>Error: Register</title>"));
    assert_true(has(&page, "<a href=\"#party/0/birth_date\">Date of birth of person 1: use a date that exists"));
    assert_true(has(&page, "<a href=\"#party/0/needs\">Needs of person 1: choose"));
    assert_true(has(&page, "id=\"party/0/birth_date\" name=\"party/0/birth_date\""));
    assert_true(has(&page, "aria-describedby=\"party/0/birth_date-h party/0/birth_date-e\" aria-invalid=\"true\""));
    assert_true(has(&page, "id=\"party/0/birth_date-e\">Error: use a date that exists"));
    assert_true(has(&page, "<fieldset id=\"party/0/needs\" tabindex=\"-1\" class=\"bad\""));
    page_end(&page);
    write_sample(&page, "register", 0);
    assert_false(has(&page, "role=\"alert\"") || has(&page, "aria-invalid"));
    page_end(&page);
}

/* A question shows its own fields and carries all other answers; the list of answers tells them. */
static void test_a_question_carries_what_was_answered(void **state)
{
    struct page page;
    (void)state;
    write_sample(&page, "step_birth", 0);
    assert_true(has(&page, "id=\"party/0/birth_date\" name=\"party/0/birth_date\" value=\"30 February\""));
    assert_true(has(&page, "<a href=\"#party/0/birth_date\">"));
    assert_true(has(&page, "type=\"hidden\" name=\"party/0/given_names\" value=\"Amina &amp; Co\""));
    assert_true(has(&page, "type=\"hidden\" name=\"party/0/needs\" value=\"medication\""));
    assert_true(has(&page, "type=\"hidden\" name=\"party/1/given_names\" value=\"Issa\""));
    assert_true(has(&page, "name=\"client_id\" value=\"123e4567-e89b-42d3-a456-426614174000\""));
    assert_true(has(&page, "name=\"_step\" value=\"birth\"") && has(&page, "name=\"_then\" value=\"check\""));
    assert_int_equal(count_of(buffer_slice(&page.out), "name=\"party/0/birth_date\""), 1);
    assert_int_equal(count_of(buffer_slice(&page.out), "name=\"client_id\""), 1);
    page_end(&page);
    write_sample(&page, "step_needs", 0);
    assert_true(has(&page, "value=\"medication\" checked") && !has(&page, "value=\"infant\" checked"));
    assert_false(has(&page, "type=\"hidden\" name=\"party/0/needs\""));
    page_end(&page);
    write_sample(&page, "step_with", 0);
    assert_true(has(&page, "id=\"party/1/given_names\" name=\"party/1/given_names\" value=\"Issa\""));
    assert_true(has(&page, "type=\"hidden\" name=\"party/0/given_names\""));
    page_end(&page);
    write_sample(&page, "step_check", 0);
    assert_true(has(&page, "Amina &amp; Co, &quot;&gt;&lt;script&gt;") || has(&page, ", Amina &amp; Co"));
    assert_true(has(&page, "We will text 90\u00a012\u00a034\u00a056.") &&
                has(&page, "Medicine that is running out, Pregnant"));
    assert_true(has(&page, "value=\"with-1\"") && has(&page, "value=\"with-2\"") && !has(&page, "value=\"with-3\""));
    assert_false(has(&page, "name=\"_go\" value=\"next\""));
    page_end(&page);
}

/* Arabic is read from the right; a number is not. */
static void test_numbers_keep_their_order(void **state)
{
    struct page page;
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        bool right = slice_equal(page_language_at(l)->direction, SLICE("rtl"));
        write_sample(&page, "registered", l);
        assert_true(has(&page, "90\u00a012\u00a034\u00a056"));
        assert_int_equal(has(&page, "\u206690\u00a012\u00a034\u00a056\u2069"), right);
        page_end(&page);
    }
}

static void test_status_in_sentences(void **state)
{
    struct page page;
    (void)state;
    write_sample(&page, "status", 0);
    assert_true(has(&page, "<b>We have you.</b> Last heard "));
    assert_true(has(&page, "(Niamey time)") && has(&page, "Next check-in by "));
    page_end(&page);
}

/* A link may choose a status; it may not choose the id that makes a submission one. */
static void test_a_link_fills_in_but_never_the_client_id(void **state)
{
    static struct form_pair pairs[] = {
        {SLICE_INIT("client_id"), SLICE_INIT("123e4567-e89b-42d3-a456-426614174000")},
        {SLICE_INIT("status"), SLICE_INIT("safe")},
        {SLICE_INIT("case"), SLICE_INIT("K7M2Q-9QXD4")},
    };
    static const struct form query = {pairs, 3};
    struct page page;
    (void)state;
    page_begin(&page, 0);
    page_check_in_form(&page.out, &page.request, NULL, &query, NULL);
    assert_true(has(&page, "value=\"safe\" checked") && has(&page, "name=\"case\" value=\"K7M2Q-9QXD4\""));
    assert_false(has(&page, "123e4567"));
    assert_true(has(&page, "name=\"client_id\" value=\""));
    page_end(&page);
}

static void test_the_policy_allows_this_style_alone(void **state)
{
    struct page page;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    unsigned char text[64];
    (void)state;
    write_sample(&page, "home", 0);
    struct slice html = buffer_slice(&page.out);
    size_t from = slice_find(html, SLICE("<style>")) + sizeof("<style>") - 1;
    size_t to = slice_find(html, SLICE("</style>"));
    assert_true(from < to && to < html.length);
    assert_in_range(to - from, 1000, STYLE_MAX);
    assert_non_null(SHA256((const unsigned char *)html.data + from, to - from, digest));
    assert_true(EVP_EncodeBlock(text, digest, sizeof(digest)) > 0);
    assert_non_null(strstr(page_csp(), "default-src 'none'"));
    assert_non_null(strstr(page_csp(), (const char *)text));
    assert_null(strstr(page_csp(), "unsafe"));
    page_end(&page);
}

static void test_console_settings_cannot_leave_their_script(void **state)
{
    struct page page;
    (void)state;
    write_sample(&page, "console", 1);
    assert_int_equal(count_of(buffer_slice(&page.out), "</script>"), count_of(buffer_slice(&page.out), "<script"));
    assert_true(has(&page, "\"reason.help_asked\":\"a demand\u00e9"));
    assert_true(has(&page, "&lt;/script&gt;&lt;b&gt;"));
    page_end(&page);
    write_sample(&page, "broadcasts", 1);
    assert_int_equal(count_of(buffer_slice(&page.out), "</script>"), count_of(buffer_slice(&page.out), "<script"));
    assert_true(has(&page, "\"list.status\":\"safe need_help") && has(&page, "\"ask.fr\":\"R\u00e9pondez 1"));
    page_end(&page);
}

static void test_assets(void **state)
{
    (void)state;
    const struct page_asset *script = page_asset_find(SLICE("console.js"));
    assert_non_null(script);
    assert_true(slice_equal(script->media_type, SLICE("text/javascript; charset=utf-8")));
    assert_true(script->etag.length > 18 && script->etag.data[0] == '"' &&
                script->etag.data[script->etag.length - 1] == '"');
    assert_true(slice_find(script->bytes, SLICE("innerHTML")) == script->bytes.length);
    assert_non_null(page_asset_find(SLICE("console.css")));
    assert_non_null(page_asset_find(SLICE("broadcasts.css")));
    assert_null(page_asset_find(SLICE("../console.js")));
    assert_null(page_asset_find(SLICE("")));
    assert_null(page_asset_at(page_asset_count()));
    assert_null(strstr(page_csp_desk(), "unsafe"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_page_is_whole),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_home_is_small_and_tells_four_facts),
        cmocka_unit_test(test_what_was_typed_is_kept),
        cmocka_unit_test(test_errors_are_listed_and_beside_their_fields),
        cmocka_unit_test(test_a_question_carries_what_was_answered),
        cmocka_unit_test(test_numbers_keep_their_order),
        cmocka_unit_test(test_status_in_sentences),
        cmocka_unit_test(test_a_link_fills_in_but_never_the_client_id),
        cmocka_unit_test(test_the_policy_allows_this_style_alone),
        cmocka_unit_test(test_console_settings_cannot_leave_their_script),
        cmocka_unit_test(test_assets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
