/* SPDX-License-Identifier: Apache-2.0
 * The table. */
#include "desk/rights.h"

#define RIGHT(right) (1U << (right))

/* An admin runs the system and reads nothing of the register; a warden's own list is yet to be. */
static const struct {
    struct slice name;
    unsigned rights;
} roles[DESK_ROLE_COUNT] = {
    [DESK_VIEWER] = {SLICE_INIT("viewer"), RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE) | RIGHT(RIGHT_LOOK)},
    [DESK_OFFICER] = {SLICE_INIT("officer"),
                      RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE) | RIGHT(RIGHT_LOOK) | RIGHT(RIGHT_WORK)},
    [DESK_LEAD] = {SLICE_INIT("lead"), RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE) | RIGHT(RIGHT_LOOK) |
                                           RIGHT(RIGHT_WORK) | RIGHT(RIGHT_OVERRULE) | RIGHT(RIGHT_RULE)},
    [DESK_WARDEN] = {SLICE_INIT("warden"), RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE)},
    [DESK_ADMIN] = {SLICE_INIT("admin"), RIGHT(RIGHT_ANYONE) | RIGHT(RIGHT_BE_HERE)},
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
