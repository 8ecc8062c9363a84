/* SPDX-License-Identifier: Apache-2.0
 * Finding a position in folded text: angles written by people, map links, plus codes. */
#include "domain/sms_position.h"

#include <math.h>
#include <string.h>

#include "domain/sms_angle.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_on_earth(double lat, double lon)
{
    return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && (fabs(lat) > 0 || fabs(lon) > 0);
}

/* A number may begin at `at`: nothing that it could be the tail of stands before it. */
static bool is_start(struct slice text, size_t at)
{
    char before = at > 0 ? text.data[at - 1] : ' ';
    return !is_digit(before) && !is_letter(before) && before != '.' && before != '+' && (unsigned char)before < 0x80;
}

/* Between the two numbers of a pair: blanks, one comma or semicolon or slash, and words for longitude. */
static size_t skip_between(struct slice text, size_t at)
{
    static const struct slice words[] = {SLICE_INIT("longitude"), SLICE_INIT("long"), SLICE_INIT("lon"),
                                         SLICE_INIT("lng"),       SLICE_INIT("et"),   SLICE_INIT("and")};
    enum { BETWEEN_MAX = 24 };
    for (size_t steps = 0; steps < BETWEEN_MAX && at < text.length; steps++) {
        size_t word = 0;
        struct slice rest = slice_sub(text, at, text.length);
        if (strchr(" ,;/:=\n&", rest.data[0]) != NULL && rest.data[0] != '\0') {
            at++;
            continue;
        }
        for (size_t i = 0; word == 0 && i < sizeof(words) / sizeof(words[0]); i++) {
            word = slice_starts_with(rest, words[i]) ? words[i].length : 0;
        }
        if (word == 0) {
            break;
        }
        at += word;
    }
    return at;
}

/* Enough to be sure that two numbers are a position. */
static bool is_certain(const struct sms_angle *a, const struct sms_angle *b)
{
    bool fine = (a->decimals > 0 || a->sign) && (b->decimals > 0 || b->sign); /* a case code may have "w91s7" in it */
    bool marked = (a->hemisphere != '\0' || a->sign) && (b->hemisphere != '\0' || b->sign);
    return (marked && fine) || (a->decimals >= 3 && b->decimals >= 3);
}

static bool is_east_west(char hemisphere)
{
    return hemisphere == 'e' || hemisphere == 'w' || hemisphere == 'o';
}

static bool is_north_south(char hemisphere)
{
    return hemisphere == 'n' || hemisphere == 's';
}

/* A pair of angles that starts at `at`; `labelled` when a word for latitude or position stands before it. */
static bool read_pair(struct slice text, size_t at, bool labelled, struct sms_position *position)
{
    struct sms_angle first;
    struct sms_angle second;
    size_t next = sms_angle_read(text, at, &first);
    size_t between = next > 0 ? skip_between(text, next) : 0;
    size_t end = between > next && next > 0 ? sms_angle_read(text, between, &second) : 0;
    if (next > 0 && between == next && first.hemisphere != '\0') {
        end = sms_angle_read(text, next, &second); /* "13.51n2.11e" */
    }
    if (end == 0 || (!labelled && !is_certain(&first, &second)) ||
        (labelled && first.decimals + second.decimals == 0)) {
        return false;
    }
    bool swapped = is_east_west(first.hemisphere) || is_north_south(second.hemisphere);
    if (swapped ? is_north_south(first.hemisphere) || is_east_west(second.hemisphere)
                : is_east_west(second.hemisphere) && is_east_west(first.hemisphere)) {
        return false;
    }
    position->lat = swapped ? second.degrees : first.degrees;
    position->lon = swapped ? first.degrees : second.degrees;
    position->from = at;
    position->to = end;
    return is_on_earth(position->lat, position->lon);
}

/* Two plain decimal numbers with `separator` between them, as links write them; a comma may be escaped. */
static bool read_link_pair(struct slice text, size_t at, const char *separator, struct sms_position *position)
{
    struct slice escaped = SLICE("%2c");
    struct slice mark = slice_of(separator);
    size_t next = sms_angle_number(text, at, &position->lat);
    struct slice rest = slice_sub(text, next, text.length);
    if (next == 0) {
        return false;
    }
    if (slice_starts_with(rest, mark)) {
        next += mark.length;
    } else if (mark.length == 1 && mark.data[0] == ',' && slice_starts_with(rest, escaped)) {
        next += escaped.length;
    } else {
        return false;
    }
    position->to = sms_angle_number(text, next, &position->lon);
    return position->to > 0 && is_on_earth(position->lat, position->lon);
}

/* Where links carry a position: behind which words, and what stands between the numbers. "map=" has the zoom first. */
static const struct link_key {
    struct slice key;
    const char *separator;
    bool zoom_first;
} link_keys[] = {
    {SLICE_INIT("geo:"), ",", false},     {SLICE_INIT("mlat="), "&mlon=", false}, {SLICE_INIT("lat="), "&lon=", false},
    {SLICE_INIT("lat="), "&lng=", false}, {SLICE_INIT("#map="), "/", true},       {SLICE_INIT("query="), ",", false},
    {SLICE_INIT("daddr="), ",", false},   {SLICE_INIT("place/"), ",", false},     {SLICE_INIT("search/"), ",", false},
    {SLICE_INIT("loc:"), ",", false},     {SLICE_INIT("q="), ",", false},         {SLICE_INIT("ll="), ",", false},
    {SLICE_INIT("@"), ",", false},
};

static bool read_link_at(struct slice link, size_t at, struct sms_position *position)
{
    for (size_t i = 0; i < sizeof(link_keys) / sizeof(link_keys[0]); i++) {
        const struct link_key *key = &link_keys[i];
        if (!slice_starts_with(slice_sub(link, at, link.length), key->key)) {
            continue;
        }
        size_t start = at + key->key.length;
        if (key->zoom_first) {
            double zoom = 0;
            size_t after = sms_angle_number(link, start, &zoom);
            start = after > 0 && after < link.length && link.data[after] == '/' ? after + 1 : link.length;
        }
        if (read_link_pair(link, start, key->separator, position)) {
            return true;
        }
    }
    return false;
}

/* The run without blanks at `at`, when it is a link; empty otherwise. */
static struct slice link_at(struct slice text, size_t at)
{
    static const struct slice starts[] = {
        SLICE_INIT("http://"), SLICE_INIT("https://"),          SLICE_INIT("geo:"),    SLICE_INIT("www."),
        SLICE_INIT("maps."),   SLICE_INIT("openstreetmap.org"), SLICE_INIT("osm.org"), SLICE_INIT("google.")};
    struct slice rest = slice_sub(text, at, text.length);
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (slice_starts_with(rest, starts[i])) {
            size_t end = 0;
            while (end < rest.length && rest.data[end] != ' ' && rest.data[end] != '\n') {
                end++;
            }
            return slice_sub(rest, 0, end);
        }
    }
    return (struct slice){NULL, 0};
}

static bool read_link(struct slice link, struct sms_position *position)
{
    for (size_t at = 0; at < link.length; at++) {
        if (read_link_at(link, at, position)) {
            return true;
        }
    }
    return false;
}

/* Open Location Code (https://github.com/google/open-location-code, specification): five pairs of base-20 digits, each
 * twenty times finer than the one before, from 90 S 180 W; an eleventh digit halves nothing we need. The middle of the cell. */
static bool read_plus_code(struct slice text, size_t at, struct sms_position *position)
{
    static const char symbols[] = "23456789cfghjmpqrvwx";
    enum { PAIRS = 5, PLUS_AT = 8, CODE_LENGTH = 11 };
    double place = 20;
    double corner[2] = {-90, -180};
    if (text.length < at + CODE_LENGTH || text.data[at + PLUS_AT] != '+') {
        return false;
    }
    for (size_t i = 0; i < 2 * PAIRS; i++) {
        char c = text.data[at + i + (i >= PLUS_AT ? 1 : 0)];
        const char *found = c != '\0' ? strchr(symbols, c) : NULL;
        if (found == NULL) {
            return false;
        }
        corner[i % 2] += (double)(found - symbols) * place;
        place /= i % 2 == 1 ? 20 : 1;
    }
    place *= 20; /* of the last pair */
    position->lat = corner[0] + place / 2;
    position->lon = corner[1] + place / 2;
    position->from = at;
    position->to = at + CODE_LENGTH;
    while (position->to < text.length && (is_letter(text.data[position->to]) || is_digit(text.data[position->to]))) {
        position->to++;
    }
    return position->to <= at + CODE_LENGTH + 1 && position->lat < 90 && position->lon < 180;
}

/* Words that announce a position: behind them fewer decimals do. Advances *at past the word and what follows it. */
static bool skip_label(struct slice text, size_t *at)
{
    static const struct slice labels[] = {SLICE_INIT("latitude"), SLICE_INIT("lat"),         SLICE_INIT("gps"),
                                          SLICE_INIT("position"), SLICE_INIT("coordinates"), SLICE_INIT("coordonnees"),
                                          SLICE_INIT("coords")};
    enum { LABEL_GAP_MAX = 6 };
    struct slice rest = slice_sub(text, *at, text.length);
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (slice_starts_with(rest, labels[i])) {
            size_t next = *at + labels[i].length;
            for (size_t j = 0; j < LABEL_GAP_MAX && next < text.length && strchr(" :=#", text.data[next]) != NULL;
                 j++) {
                next++;
            }
            *at = next;
            return true;
        }
    }
    return false;
}

bool sms_position_find(struct slice folded, struct sms_position *position)
{
    for (size_t at = 0; at < folded.length; at++) {
        size_t start = at;
        if (!is_start(folded, at)) {
            continue;
        }
        struct slice link = link_at(folded, at);
        if (link.length > 0) {
            if (read_link(link, position)) {
                position->from = at;
                position->to = at + link.length;
                return true;
            }
            at += link.length - 1;
            continue;
        }
        bool labelled = skip_label(folded, &start);
        if (read_plus_code(folded, start, position) || read_pair(folded, start, labelled, position)) {
            position->from = at;
            return true;
        }
    }
    return false;
}
