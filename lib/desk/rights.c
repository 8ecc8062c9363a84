/* SPDX-License-Identifier: Apache-2.0
 * The table. */
#include "desk/rights.h"

#include <stdio.h>

#define RIGHT(right) (1U << (right))
#define EVERYBODY    (RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE) | RIGHT(RIGHT_ACCOUNT))

/* An admin runs the system and reads nothing of the register; a warden has a list, and nothing else. */
static const struct {
    struct slice name;
    unsigned rights;
} roles[DESK_ROLE_COUNT] = {
    [DESK_VIEWER] = {SLICE_INIT("viewer"), EVERYBODY | RIGHT(RIGHT_LOOK)},
    [DESK_OFFICER] = {SLICE_INIT("officer"), EVERYBODY | RIGHT(RIGHT_LOOK) | RIGHT(RIGHT_WORK)},
    [DESK_LEAD] = {SLICE_INIT("lead"), EVERYBODY | RIGHT(RIGHT_LOOK) | RIGHT(RIGHT_WORK) | RIGHT(RIGHT_OVERRULE) |
                                           RIGHT(RIGHT_RULE) | RIGHT(RIGHT_AUDIT)},
    [DESK_WARDEN] = {SLICE_INIT("warden"), EVERYBODY | RIGHT(RIGHT_WARD)},
    [DESK_ADMIN] = {SLICE_INIT("admin"), EVERYBODY | RIGHT(RIGHT_ADMINISTER) | RIGHT(RIGHT_AUDIT)},
};

bool rights_find_role(struct slice name, enum desk_role *role)
{
    for (unsigned i = 0; i < DESK_ROLE_COUNT; i++) {
        if (slice_equal(roles[i].name, name)) {
            *role = (enum desk_role)i;
            return true;
        }
    }
    return false;
}

const char *rights_role_name(enum desk_role role)
{
    return role < DESK_ROLE_COUNT ? roles[role].name.data : "";
}

bool rights_allow(enum desk_role role, enum desk_right right)
{
    return role < DESK_ROLE_COUNT && right < DESK_RIGHT_COUNT && (roles[role].rights & RIGHT(right)) != 0;
}

bool rights_add_scope(struct slice name, int *scopes)
{
    static const struct {
        struct slice name;
        enum desk_right right;
    } known[] = {
        {SLICE_INIT("look"), RIGHT_LOOK}, {SLICE_INIT("work"), RIGHT_WORK}, {SLICE_INIT("overrule"), RIGHT_OVERRULE}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_equal(known[i].name, name)) {
            *scopes |= (int)RIGHT(known[i].right);
            return true;
        }
    }
    return false;
}

bool rights_allow_within(enum desk_role role, int scopes, enum desk_right right)
{
    bool inside = right == RIGHT_ANYONE || right == RIGHT_BE_HERE || ((unsigned)scopes & RIGHT(right)) != 0;
    return inside && rights_allow(role, right);
}

const char *rights_words(int scopes, char text[RIGHTS_WORDS_SIZE])
{
    static const struct {
        const char *word;
        enum desk_right right;
    } words[] = {{" look", RIGHT_LOOK},         {" work", RIGHT_WORK},
                 {" overrule", RIGHT_OVERRULE}, {" administer", RIGHT_ADMINISTER},
                 {" rule", RIGHT_RULE},         {" audit", RIGHT_AUDIT}};
    size_t length = (size_t)snprintf(text, RIGHTS_WORDS_SIZE, "be_here"); /* for none at all would be no bound */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (((unsigned)scopes & RIGHT(words[i].right)) != 0) {
            length += (size_t)snprintf(text + length, RIGHTS_WORDS_SIZE - length, "%s", words[i].word);
        }
    }
    return text;
}
