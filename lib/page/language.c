/* SPDX-License-Identifier: Apache-2.0
 * Matching language tags by their primary subtag, and weighing Accept-Language. */
#include "page/language.h"

#include "page/table.h"

enum { QUALITY_FULL = 1000 };

size_t page_language_count(void)
{
    return page_language_table_count;
}

const struct page_language *page_language_at(size_t index)
{
    return index < page_language_table_count ? &page_language_table[index] : NULL;
}

static struct slice primary_subtag(struct slice tag)
{
    size_t end = slice_index(tag, '-');
    size_t underscore = slice_index(tag, '_'); /* locale names, as people type them */
    return slice_sub(tag, 0, underscore < end ? underscore : end);
}

const struct page_language *page_language_find(struct slice tag)
{
    struct slice primary = primary_subtag(slice_trim(tag));
    for (size_t i = 0; i < page_language_table_count; i++) {
        if (slice_equal_nocase(page_language_table[i].tag, primary)) {
            return &page_language_table[i];
        }
    }
    return NULL;
}

/* RFC 9110 section 12.4.2: qvalue = "0" ["." 0*3DIGIT] / "1" ["." 0*3("0")], in thousandths. */
static bool read_qvalue(struct slice text, unsigned *thousandths)
{
    if (text.length == 0 || text.length > 5 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.length > 1 && text.data[1] != '.')) {
        return false;
    }
    unsigned value = text.data[0] == '1' ? QUALITY_FULL : 0;
    unsigned place = 100;
    for (size_t i = 2; i < text.length; i++, place /= 10) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        value += place * (unsigned)(text.data[i] - '0');
    }
    *thousandths = value;
    return value <= QUALITY_FULL;
}

/* The weight of one range "fr-NE; q=0.8"; 0 when it is not wanted or cannot be read. */
static unsigned quality_of(struct slice parameters)
{
    unsigned quality = QUALITY_FULL;
    struct slice parameter;
    while (slice_split(&parameters, ';', &parameter)) {
        parameter = slice_trim(parameter);
        if (slice_starts_with(parameter, SLICE("q=")) || slice_starts_with(parameter, SLICE("Q="))) {
            if (!read_qvalue(slice_sub(parameter, 2, parameter.length), &quality)) {
                return 0;
            }
        }
    }
    return quality;
}

/* NULL when it is only for citizens and officers ask. */
static const struct page_language *spoken(const struct page_language *language, bool officers)
{
    return language != NULL && (language->officers || !officers) ? language : NULL;
}

static const struct page_language *negotiate(struct slice lang_parameter, struct slice accept_language, bool officers)
{
    const struct page_language *best = spoken(page_language_find(lang_parameter), officers);
    unsigned best_quality = 0;
    struct slice range;
    if (best != NULL) {
        return best;
    }
    for (unsigned i = 0; i < PAGE_ACCEPTED_MAX && slice_split(&accept_language, ',', &range); i++) {
        size_t tag_end = slice_index(range, ';');
        struct slice tag = slice_trim(slice_sub(range, 0, tag_end));
        const struct page_language *language =
            slice_equal(tag, SLICE("*")) ? &page_language_table[0] : spoken(page_language_find(tag), officers);
        unsigned quality = quality_of(slice_sub(range, tag_end, range.length));
        if (language != NULL && quality > best_quality) {
            best = language;
            best_quality = quality;
        }
    }
    return best != NULL ? best : &page_language_table[0];
}

const struct page_language *page_language_negotiate(struct slice lang_parameter, struct slice accept_language)
{
    return negotiate(lang_parameter, accept_language, false);
}

const struct page_language *page_language_negotiate_officer(struct slice lang_parameter, struct slice accept_language)
{
    return negotiate(lang_parameter, accept_language, true);
}
