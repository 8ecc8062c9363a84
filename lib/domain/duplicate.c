/* SPDX-License-Identifier: Apache-2.0
 * A name alone says little where half a town is called Mahamadou: it takes a second fact. */
#include "domain/duplicate.h"

#include "domain/name_match.h"

enum {
    WEIGHT_DOCUMENT = 60,
    WEIGHT_PHONE = 40,
    WEIGHT_NAME = 30,
    WEIGHT_NAME_SOUNDS = 22,
    WEIGHT_BIRTH_DATE = 35,
    WEIGHT_BIRTH_DATE_DIFFERS = 25,
    WEIGHT_PARTY = 25,
    SCORE_MOST = 99,
};

static const struct slice names[] = {
    [DUPLICATE_DOCUMENT] = SLICE_INIT("document"),
    [DUPLICATE_PHONE] = SLICE_INIT("phone"),
    [DUPLICATE_BIRTH_DATE] = SLICE_INIT("birth_date"),
    [DUPLICATE_NAME] = SLICE_INIT("name"),
    [DUPLICATE_NAME_SOUNDS] = SLICE_INIT("name_sounds"),
    [DUPLICATE_PARTY] = SLICE_INIT("party"),
    [DUPLICATE_BIRTH_DATE_DIFFERS] = SLICE_INIT("birth_date_differs"),
};
const struct vocabulary vocabulary_duplicate = {names, DUPLICATE_EVIDENCE_COUNT};

#define BIT(evidence) (1U << (evidence))

struct likeness {
    int score;
    uint32_t evidence;
};

/* One name answers to the other, either way: the one may leave out what the other says. */
static struct likeness compare_people(const struct duplicate_person *a, const struct duplicate_person *b)
{
    enum name_matched how = NAME_MATCHED_NOT, other_way = NAME_MATCHED_NOT;
    struct likeness found = {0, 0};
    if (a->words.count < 2 || b->words.count < 2 ||
        (name_match(&a->words, &b->words, &how) + name_match(&b->words, &a->words, &other_way) == 0)) {
        return found; /* of one word alone there are too many */
    }
    bool whole = how == NAME_MATCHED_WHOLE || other_way == NAME_MATCHED_WHOLE;
    found.score = whole ? WEIGHT_NAME : WEIGHT_NAME_SOUNDS;
    found.evidence = BIT(whole ? DUPLICATE_NAME : DUPLICATE_NAME_SOUNDS);
    if (a->birth_date.length > 0 && b->birth_date.length > 0) {
        bool same = slice_equal(a->birth_date, b->birth_date);
        found.score += same ? WEIGHT_BIRTH_DATE : -WEIGHT_BIRTH_DATE_DIFFERS;
        found.evidence |= BIT(same ? DUPLICATE_BIRTH_DATE : DUPLICATE_BIRTH_DATE_DIFFERS);
    }
    return found;
}

unsigned duplicate_score(const struct duplicate_party *a, const struct duplicate_party *b, bool shares_phone,
                         bool shares_document, uint32_t *evidence)
{
    struct likeness best = {0, 0};
    size_t shared = 0;
    for (size_t i = 0; i < a->count; i++) {
        struct likeness closest = {0, 0};
        for (size_t k = 0; k < b->count; k++) {
            struct likeness found = compare_people(&a->people[i], &b->people[k]);
            closest = found.evidence != 0 && (closest.evidence == 0 || found.score > closest.score) ? found : closest;
        }
        shared += closest.score > 0 ? 1 : 0;
        best = closest.evidence != 0 && (best.evidence == 0 || closest.score > best.score) ? closest : best;
    }
    int score = best.score + (shares_phone ? WEIGHT_PHONE : 0) + (shares_document ? WEIGHT_DOCUMENT : 0) +
                (shared > 1 ? WEIGHT_PARTY : 0);
    *evidence = best.evidence | (shares_phone ? BIT(DUPLICATE_PHONE) : 0) |
                (shares_document ? BIT(DUPLICATE_DOCUMENT) : 0) | (shared > 1 ? BIT(DUPLICATE_PARTY) : 0);
    return score < 0 ? 0 : score > SCORE_MOST ? SCORE_MOST : (unsigned)score;
}
