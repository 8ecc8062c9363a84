/* SPDX-License-Identifier: Apache-2.0
 * A file of places: what is read of it, and every fault by line and column. */
#include "exchange/place_sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "pg/sample.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define HEADING "name,other names,kind,latitude,longitude,within,common word\n"

static struct place_sheet read(const char *text)
{
    struct place_sheet sheet;
    place_sheet_read(&sheet, &arena, slice_of(text));
    if (sheet.refusal.length == 0) {
        place_sheet_judge(&sheet, &arena, SLICE("NE"), NULL, 0);
    }
    return sheet;
}

static void test_a_row(void **state)
{
    (void)state;
    struct place_sheet sheet =
        read("# from: a map; 2026, by hand\n#\n" HEADING "Yantala,Yantala Bas | Yentala,Quarter,13.537,2.083,niame,no\n"
             "Plateau,,quarter,\"13,525\",\"2,098\",Niamey,Yes\n");
    assert_int_equal(sheet.refusal.length, 0);
    assert_int_equal(sheet.count, 2);
    assert_int_equal(sheet.faulty, 0);
    const struct gazetteer_row *yantala = &sheet.rows[0].place;
    assert_int_equal(sheet.rows[0].line, 4);
    assert_true(yantala->kind == GAZETTEER_QUARTER && yantala->other_count == 2 && !yantala->common_word);
    assert_true(slice_equal(yantala->within, SLICE("Niamey")) && slice_equal(yantala->others[1], SLICE("Yentala")));
    assert_true(sheet.rows[1].place.common_word && sheet.rows[1].place.lat > 13.52 && sheet.rows[1].place.lon < 2.1);
}

static void assert_fault(const char *row, const char *wanted)
{
    struct slice text = arena_printf(&arena, HEADING "%s\n", row);
    struct place_sheet sheet = read(text.data);
    size_t last = sheet.count - 1;
    if (sheet.refusal.length > 0 || sheet.faulty != 1 || slice_find(sheet.rows[last].fault, slice_of(wanted)) != 0) {
        fail_msg("%s: %.*s", row, SLICE_ARGS(sheet.count > 0 ? sheet.rows[last].fault : sheet.refusal));
    }
}

static void test_faults(void **state)
{
    (void)state;
    assert_fault(",,quarter,13.5,2.1,Niamey,", "name: ");
    assert_fault("x,,quarter,13.5,2.1,Niamey,", "name: ");
    assert_fault("a b c d e f g,,quarter,13.5,2.1,Niamey,",
                 "name: a name has 2 to 60 characters, at most 6 words, not \"a b c");
    assert_fault("Help,,quarter,13.5,2.1,Niamey,", "name: texts with these words");
    assert_fault("Yantala,au secours,quarter,13.5,2.1,Niamey,", "other names: texts with these words");
    assert_fault("Yantala,STOP,quarter,13.5,2.1,Niamey,", "other names: ");
    assert_fault("Yantala,aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm,quarter,13.5,2.1,Niamey,", "other names: at most 12");
    assert_fault("Yantala,,suburb,13.5,2.1,Niamey,", "kind: town, quarter, landmark or crossing, not \"suburb\"");
    assert_fault("Yantala,,quarter,north,2.1,Niamey,", "latitude: degrees north, -90 to 90, not \"north\"");
    assert_fault("Yantala,,quarter,13.5,200,Niamey,", "longitude: ");
    assert_fault("Yantala,,quarter,0,0,Niamey,", "latitude: 0, 0");
    assert_fault("Yantala,,quarter,2.1,13.5,Niamey,", "latitude: more than 60 km");
    assert_fault("Yantala,,quarter,13.5,2.1,,", "within: a quarter is within a town");
    assert_fault("Yantala,,quarter,13.5,2.1,Atlantis,",
                 "within: a town that is known, or has a row of its own, not \"Atlantis\"");
    assert_fault("Somewhere,,town,13.5,2.1,Niamey,", "within: empty for a town");
    assert_fault("Yantala,,quarter,13.5,2.1,Niamey,perhaps", "common word: yes or no");
    assert_fault("Yantala,,quarter,13.5,2.1,Niamey,\nYantala,,quarter,13.6,2.1,Niame,",
                 "name: the same place is in line 2");
}

/* They are taken: somebody lives there. Texts hear the cry all the same (sms_read_in). */
static void test_names_near_a_cry_are_common_words(void **state)
{
    static const char *const near[] = {"Hellp",      "Aidezz",
                                       "Blesze",     "Taimakoo",
                                       "Gaakasinai", "\xd9\x85\xd8\xb3\xd8\xa7\xd8\xb9\xd8\xaf\xd9\x87\xd9\x87"};
    (void)state;
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        struct slice text = arena_printf(
            &arena, HEADING "%s,,quarter,13.5,2.1,Niamey,no\nYantala,Yentala|%s,quarter,13.5,2.1,Niamey,\n", near[i],
            near[i]);
        struct place_sheet sheet = read(text.data);
        assert_int_equal(sheet.faulty, 0);
        for (size_t row = 0; row < 2; row++) {
            if (!sheet.rows[row].place.common_word || !slice_equal(sheet.rows[row].near_cry, slice_of(near[i]))) {
                fail_msg("%s is a name like any other", near[i]);
            }
        }
    }
    struct place_sheet sheet = read(
        HEADING "Yantala,Hellp "
                "Center,quarter,13.5,2.1,Niamey,\nMagaria,,town,13,8.91,,\nPlateau,,quarter,13.525,2.098,Niamey,yes\n");
    assert_int_equal(sheet.faulty, 0);
    assert_true(!sheet.rows[0].place.common_word && !sheet.rows[1].place.common_word &&
                sheet.rows[2].place.common_word);
    assert_true(sheet.rows[0].near_cry.length == 0 && sheet.rows[1].near_cry.length == 0 &&
                sheet.rows[2].near_cry.length == 0);
    assert_fault("Yantala,Hellp|Help,quarter,13.5,2.1,Niamey,", "other names: texts with these words");
}

/* A second file adds names to those that the place has: past the twelfth it is said, and which; what is there already takes no room. */
static void test_names_past_the_twelfth(void **state)
{
    static const struct gazetteer_row known[] = {
        {GAZETTEER_QUARTER,
         SLICE_INIT("Yantala"),
         SLICE_INIT("Niamey"),
         {SLICE_INIT("aa"), SLICE_INIT("bb"), SLICE_INIT("cc"), SLICE_INIT("dd"), SLICE_INIT("ee"), SLICE_INIT("ff"),
          SLICE_INIT("gg"), SLICE_INIT("hh"), SLICE_INIT("ii"), SLICE_INIT("jj")},
         10,
         13.5,
         2.1,
         false}};
    static const struct {
        const char *others;
        const char *fault;
    } files[] = {
        {"kk|ll", ""},
        {"aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll", ""},
        {"kk|ll|mm", "other names: at most 12 with those that the place has already, not \"mm\""},
        {"aa|kk|jj|ll|nn", "other names: at most 12 with those that the place has already, not \"nn\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct place_sheet sheet;
        struct slice text = arena_printf(
            &arena, HEADING "Yantala,%s,quarter,13.5,2.1,niamey,\nPlateau,xx|yy,quarter,13.5,2.1,Niamey,\n",
            files[i].others);
        place_sheet_read(&sheet, &arena, text);
        place_sheet_judge(&sheet, &arena, SLICE("NE"), known, 1);
        assert_int_equal(sheet.faulty, files[i].fault[0] != '\0' ? 1 : 0);
        if (!slice_equal(sheet.rows[0].fault, slice_of(files[i].fault))) {
            fail_msg("%s: %.*s", files[i].others, SLICE_ARGS(sheet.rows[0].fault));
        }
    }
}

static void test_refusals(void **state)
{
    (void)state;
    assert_true(slice_find(read("").refusal, SLICE("no row")) > 0 || read("").refusal.length > 0);
    assert_true(read(HEADING).refusal.length > 0);
    assert_true(slice_equal(read("# one\nname,kind,latitude\na,b,c\n").refusal,
                            SLICE("line 2: there is no heading \"longitude\": --template prints them")));
    assert_true(slice_equal(read("name,kind,latitude,longitude,colour\na,b,c,d,e\n").refusal,
                            SLICE("line 1: the heading \"colour\" is not one of those that --template prints")));
    assert_true(slice_equal(read("name,kind,name,latitude,longitude\na,b,c,d,e\n").refusal,
                            SLICE("line 1: the heading \"name\" is there twice")));
    assert_true(slice_equal(read("#\n" HEADING "\"a,b\n").refusal,
                            SLICE("line 3: a quotation mark is opened here and never closed")));
    assert_true(slice_starts_with(read("PK\x03\x04zip").refusal, SLICE("a spreadsheet")));
}

static void test_a_town_of_the_file_or_known(void **state)
{
    static const struct gazetteer_row known[] = {
        {GAZETTEER_TOWN, SLICE_INIT("Abeche"), SLICE_INIT(""), {SLICE_INIT("")}, 0, 13.83, 20.83, false}};
    struct place_sheet sheet;
    (void)state;
    sheet = read(HEADING "Market,,landmark,12.8,1.7,Makalondi,yes\nMakalondi,,town,12.82,1.69,,\n");
    assert_int_equal(sheet.faulty, 0);
    place_sheet_read(&sheet, &arena, SLICE(HEADING "Market,,landmark,13.83,20.83,abeche,yes\n"));
    place_sheet_judge(&sheet, &arena, SLICE("TD"), known, 1);
    assert_int_equal(sheet.faulty, 0);
    assert_true(slice_equal(sheet.rows[0].place.within, SLICE("Abeche")));
}

static void test_the_template_is_read(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, 65536);
    place_sheet_write_template(&out);
    buffer_add_byte(&out, '\0');
    struct place_sheet sheet = read(out.data);
    assert_int_equal(sheet.count, 4);
    assert_int_equal(sheet.faulty, 0);
    assert_true(slice_equal(sheet.rows[0].place.name, SLICE("Birni N'Konni")));
    buffer_release(&out);
}

static void test_the_samples_are_whole(void **state)
{
    (void)state;
    for (const struct pg_sample *sample = pg_sample_table; sample->name != NULL; sample++) {
        struct place_sheet sheet = read(sample->places);
        assert_int_equal(sheet.refusal.length, 0);
        for (size_t i = 0; i < sheet.count; i++) {
            if (sheet.rows[i].fault.length > 0) {
                fail_msg("line %zu: %.*s", sheet.rows[i].line, SLICE_ARGS(sheet.rows[i].fault));
            }
        }
        assert_true(sheet.count > 30 && sample->crisis != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_names_near_a_cry_are_common_words),
        cmocka_unit_test(test_names_past_the_twelfth),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_a_town_of_the_file_or_known),
        cmocka_unit_test(test_the_template_is_read),
        cmocka_unit_test(test_the_samples_are_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
