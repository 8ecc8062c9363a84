/* SPDX-License-Identifier: Apache-2.0
 * What the reader takes out of a message besides its words: case codes, positions, place names; and odd input. */
#include "domain/sms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/case_code.h"
#include "core/utf8.h"

static struct sms_reading read_text(const char *text)
{
    struct sms_reading reading;
    struct sms_danger danger = sms_read_danger(slice_of(text));
    sms_read(slice_of(text), &reading);
    assert_true(danger.trapped == reading.trapped && danger.under_fire == reading.under_fire);
    return reading;
}

/* A code written in each of the ways people copy it, alone and within words. */
static void test_case_codes(void **state)
{
    static const char *const frames[][2] = {{"", ""},
                                            {"SAFE ", ""},
                                            {"", " HELP"},
                                            {"my code is ", " thank you"},
                                            {"dossier: ", ", tout va bien"},
                                            {"We are 4. ", ". Niamey"}};
    (void)state;
    for (int64_t id = 7, n = 0; n < 300; n++, id = (id * 48271 + 11) % REGISTRATION_ID_MAX) {
        char code[CASE_CODE_TEXT_SIZE + 1];
        char forms[4][16];
        char text[128];
        struct slice shown = case_code_format(id, code);
        bool plain_digits = true;
        unsigned digits = 0;
        for (size_t i = 0; i < shown.length; i++) {
            digits += code[i] >= '0' && code[i] <= '9' ? 1 : 0;
            plain_digits = plain_digits && (code[i] == '-' || (code[i] >= '0' && code[i] <= '9'));
        }
        (void)snprintf(forms[0], sizeof(forms[0]), "%s", code);
        (void)snprintf(forms[1], sizeof(forms[1]), "%.5s%s", code, code + 6);
        (void)snprintf(forms[2], sizeof(forms[2]), "%.5s - %s", code, code + 6);
        (void)snprintf(forms[3], sizeof(forms[3]), "%s", code);
        for (char *c = forms[3]; *c != '\0'; c++) {
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
        }
        for (size_t f = 0; f < 4 && !plain_digits; f++) {
            for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
                (void)snprintf(text, sizeof(text), "%s%s%s", frames[i][0], forms[f], frames[i][1]);
                struct sms_reading r = read_text(text);
                if (!r.has_case || r.registration_id != id || r.case_mistyped) {
                    print_message("\"%s\"\n", text);
                }
                assert_true(r.has_case && r.registration_id == id && !r.case_mistyped);
            }
        }
        if (digits >= 2 && digits < 10) { /* one wrong symbol is told, not guessed at */
            code[3] = code[3] == '7' ? '8' : '7';
            struct sms_reading r = read_text(code);
            assert_true(r.has_case ? r.registration_id == id : r.case_mistyped);
        }
    }
}

static void test_words_are_no_codes(void **state)
{
    static const char *const texts[] = {"management ambulances everywhere",
                                        "call 9012345678",
                                        "90123 45678",
                                        "+22790123456",
                                        "water 10000",
                                        "in case please help",
                                        "case management",
                                        "my brother is at dosso 12345",
                                        "2025550123",
                                        "please bring 12345 67890",
                                        "half the rooms are empty",
                                        "gendarmes helped us there",
                                        "ARRESTED AT THE CHECKPOINT"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct sms_reading r = read_text(texts[i]);
        if (r.has_case || r.case_mistyped) {
            print_message("\"%s\"\n", texts[i]);
        }
        assert_false(r.has_case);
        assert_false(r.case_mistyped);
    }
    struct sms_reading r = read_text("in case please help");
    assert_true(r.has_status && r.status == STATUS_NEED_HELP);
}

/* A label, something with digits and a word of the tables may make ten symbols together, one in 32 with a check that fits. */
static void test_a_code_swallows_no_word(void **state)
{
    static const char symbols[] = "0123456789abcdefghjkmnpqrstvwxyz";
    (void)state;
    for (size_t i = 0; i + 1 < sizeof(symbols); i++) {
        char text[] = "case zz?r52 help";
        text[7] = symbols[i];
        struct sms_reading r = read_text(text);
        assert_true(r.has_status && r.status == STATUS_NEED_HELP);
        assert_false(r.has_case);
    }
}

static const struct position {
    const char *text;
    bool found;
    double lat;
    double lon;
} positions[] = {
    {"13.5127, 2.1128", true, 13.5127, 2.1128},
    {"HELP at 13.5127,2.1128 now", true, 13.5127, 2.1128},
    {"13,5127 2,1128", true, 13.5127, 2.1128},
    {"13,5127; 2,1128", true, 13.5127, 2.1128},
    {"-13.5127 -2.1128", true, -13.5127, -2.1128},
    {"13.5127N 2.1128E", true, 13.5127, 2.1128},
    {"13.51 N, 2.11 W", true, 13.51, -2.11},
    {"N13.51 E2.11", true, 13.51, 2.11},
    {"S 13.51 W 2.11", true, -13.51, -2.11},
    {"2.1128E 13.5127N", true, 13.5127, 2.1128},
    {"13.5 Nord 2.1 Ouest", true, 13.5, -2.1},
    {"lat 13.5 lon 2.1", true, 13.5, 2.1},
    {"Latitude: 13.5127 Longitude: 2.1128", true, 13.5127, 2.1128},
    {"GPS 13.51 2.11", true, 13.51, 2.11},
    {"13\xC2\xB0"
     "30'46\"N 2\xC2\xB0"
     "6'46\"E",
     true, 13 + 30 / 60.0 + 46 / 3600.0, 2 + 6 / 60.0 + 46 / 3600.0},
    {"13\xC2\xB0"
     " 30\xE2\x80\xB2 46\xE2\x80\xB3 N, 2\xC2\xB0 6\xE2\x80\xB2 46\xE2\x80\xB3 E",
     true, 13 + 30 / 60.0 + 46 / 3600.0, 2 + 6 / 60.0 + 46 / 3600.0},
    {"13*30.77'N 2*6.77'E", true, 13 + 30.77 / 60, 2 + 6.77 / 60},
    {"13\xC2\xB0"
     "30N 2\xC2\xB0"
     "06E",
     true, 13.5, 2.1},
    {"13.5127\xC2\xB0, 2.1128\xC2\xB0", true, 13.5127, 2.1128},
    {"https://maps.google.com/?q=13.5127,2.1128", true, 13.5127, 2.1128},
    {"https://www.google.com/maps?q=13.5127%2C2.1128&z=15", true, 13.5127, 2.1128},
    {"https://www.google.com/maps/@13.5127,2.1128,15z", true, 13.5127, 2.1128},
    {"https://www.google.com/maps/place/13.5127,2.1128", true, 13.5127, 2.1128},
    {"http://maps.apple.com/?ll=13.5127,2.1128", true, 13.5127, 2.1128},
    {"geo:13.5127,2.1128", true, 13.5127, 2.1128},
    {"geo:13.5127,-2.1128?z=12", true, 13.5127, -2.1128},
    {"https://www.openstreetmap.org/?mlat=13.5127&mlon=2.1128#map=15/1/1", true, 13.5127, 2.1128},
    {"https://www.openstreetmap.org/#map=15/13.5127/2.1128", true, 13.5127, 2.1128},
    {"https://osm.org/#map=15/13.5127/2.1128 HELP", true, 13.5127, 2.1128},
    {"\xD9\xA1\xD9\xA3\xD9\xAB\xD9\xA5\xD9\xA1\xD9\xA2, \xD9\xA2\xD9\xAB\xD9\xA1\xD9\xA1\xD9\xA2", true, 13.512, 2.112},
    {"7FG4G467+26", true, 0, 0},
    {"SAFE 7fg4g467+26 merci", true, 0, 0},
    {"we pay 12.50, 3.75 each", false, 0, 0},
    {"90.12.34.56 2.1128", false, 0, 0},
    {"call 90 12 34 56", false, 0, 0},
    {"0.000, 0.000", false, 0, 0},
    {"91.5127, 2.1128", false, 0, 0},
    {"13.5127, 181.1128", false, 0, 0},
    {"on 02.08.2023 at 10.30", false, 0, 0},
    {"https://maps.app.goo.gl/AbCdEf", false, 0, 0},
    {"2 or 3 of us, 4 bags", false, 0, 0},
};

static void test_positions(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
        const struct position *p = &positions[i];
        struct sms_reading r = read_text(p->text);
        bool near = fabs(r.location.lat - p->lat) < 1e-6 && fabs(r.location.lon - p->lon) < 1e-6;
        bool anywhere = !(fabs(p->lat) > 0);
        if (r.location.has_position != p->found || (p->found && !near && !anywhere)) {
            print_message("\"%s\": %d %f %f\n", p->text, r.location.has_position, r.location.lat, r.location.lon);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* Independent of the reader: codes made by the reference algorithm's published test vectors. */
static void test_plus_codes(void **state)
{
    /* google/open-location-code test_data/decoding.csv: code, and the corners of its cell. */
    static const struct {
        const char *code;
        double lat_low;
        double lon_low;
        double lat_high;
        double lon_high;
    } vectors[] = {
        {"7FG49QCJ+2V", 20.37, 2.782125, 20.370125, 2.78225},
        {"8FVC2222+22", 47.0, 8.0, 47.000125, 8.000125},
        {"4VCPPQGP+Q9", -41.273125, 174.785875, -41.273, 174.786},
        {"62G20000+", 0, 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct sms_reading r = read_text(vectors[i].code);
        bool whole = strlen(vectors[i].code) == 11;
        assert_int_equal(r.location.has_position, whole);
        if (whole) {
            assert_true(fabs(r.location.lat - (vectors[i].lat_low + vectors[i].lat_high) / 2) < 1e-7);
            assert_true(fabs(r.location.lon - (vectors[i].lon_low + vectors[i].lon_high) / 2) < 1e-7);
        }
    }
}

static void test_places(void **state)
{
    static const struct {
        const char *text;
        const char *place;
        bool accurate; /* the message gave a position of its own */
    } places[] = {
        {"SAFE in Niamey", "Niamey", false},
        {"nous sommes \xC3\xA0 Tillab\xC3\xA9ri", "Tillab\xC3\xA9ri", false},
        {"AIDE Birni N'Konni", "Birni N'Konni", false},
        {"leaving from Zinder, now in Maradi", "Maradi", false},
        {"stuck in SAY help", "SAY", false},
        {"I say help", NULL, false},
        {"ina Dogondoutchi lafiya", "Dogondoutchi", false},
        {"Agadez 16.9733,7.9911 ok", "Agadez", true},
        {"\xD9\x86\xD8\xAD\xD9\x86 \xD9\x81\xD9\x8A \xD9\x86\xD9\x8A\xD8\xA7\xD9\x85\xD9\x8A",
         "\xD9\x86\xD9\x8A\xD8\xA7\xD9\x85\xD9\x8A", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct sms_reading r = read_text(places[i].text);
        if (places[i].place == NULL) {
            assert_false(r.location.given);
            continue;
        }
        if (!slice_equal(r.location.place, slice_of(places[i].place))) {
            print_message("\"%s\": \"%.*s\"\n", places[i].text, SLICE_ARGS(r.location.place));
        }
        assert_true(slice_equal(r.location.place, slice_of(places[i].place)));
        assert_true(r.location.has_position);
        assert_int_equal(r.location.has_accuracy, !places[i].accurate);
    }
}

static void test_odd_input(void **state)
{
    static char text[3 * SMS_TEXT_MAX];
    struct sms_reading r;
    (void)state;
    sms_read((struct slice){NULL, 0}, &r);
    assert_false(r.has_status || r.left_over || r.stop || r.has_case || r.location.given);
    memset(text, 'a', sizeof(text));
    sms_read(slice_make(text, sizeof(text)), &r);
    assert_true(r.left_over);
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = i % 2 == 0 ? '2' : ' ';
    }
    memcpy(text + SMS_TEXT_MAX - 5, " help", 5);
    sms_read(slice_make(text, sizeof(text)), &r);
    assert_true(r.has_status && r.status == STATUS_NEED_HELP);
    for (unsigned byte = 0; byte < 256; byte++) { /* broken UTF-8 is blanks, and hides nothing */
        char odd[] = "xx help xx";
        odd[2] = (char)byte;
        odd[7] = (char)byte;
        bool separates = byte < 0x80 ? strchr(" .,;:!?-\n\r\t/()", (int)byte) != NULL && byte != 0 : true;
        sms_read(slice_make(odd, sizeof(odd) - 1), &r);
        assert_true(!separates || (r.has_status && r.status == STATUS_NEED_HELP));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_codes),
        cmocka_unit_test(test_words_are_no_codes),
        cmocka_unit_test(test_a_code_swallows_no_word),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_plus_codes),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_odd_input),
    };
    return cmocka_run_group_tests_name("domain/sms", tests, NULL, NULL);
}
