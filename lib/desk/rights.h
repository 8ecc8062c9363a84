/* SPDX-License-Identifier: Apache-2.0
 * Who may do what at the desk: one table of roles and rights. Which cases they may do it to is the database's (row-level security). */
#ifndef DESK_RIGHTS_H
#define DESK_RIGHTS_H

#include <stdbool.h>

#include "core/slice.h"

enum desk_role { DESK_VIEWER, DESK_OFFICER, DESK_LEAD, DESK_WARDEN, DESK_ADMIN, DESK_ROLE_COUNT };

enum desk_right {
    RIGHT_ANYONE,     /* without a session: signing in */
    RIGHT_BE_HERE,    /* any session: who am I, the console, signing out */
    RIGHT_LOOK,       /* queues, cases, what people said */
    RIGHT_WORK,       /* claim, release, resolve, reopen, note; having read a case counts as an officer's reading */
    RIGHT_OVERRULE,   /* release and resolve what another holds; give wardens their lists */
    RIGHT_ACCOUNT,    /* one's own second factor, sessions and tokens: for people, so never by a token */
    RIGHT_ADMINISTER, /* others' sessions */
    RIGHT_RULE,       /* change the triage policy of a crisis */
    RIGHT_AUDIT,      /* read who did what */
    RIGHT_WARD,       /* one's own list of households, and what is said at their doors */
    DESK_RIGHT_COUNT,
};

/* False when there is no such role. */
bool rights_find_role(struct slice name, enum desk_role *role);
/* "officer" */
const char *rights_role_name(enum desk_role role);
bool rights_allow(enum desk_role role, enum desk_right right);

/* What a token is narrowed to: a set of rights. Being here needs none. */
enum { RIGHTS_ALL = -1 };
/* "look", "work", "overrule": adds it to the set; false when there is no such scope. */
bool rights_add_scope(struct slice name, int *scopes);
bool rights_allow_within(enum desk_role role, int scopes, enum desk_right right);

/* What the database is told of a token: the rights it may use at most, by name and separated by spaces, never none (desk.within in
 * sql/migrations/0037_access.sql). NUL-terminated. */
enum { RIGHTS_WORDS_SIZE = 80 };
const char *rights_words(int scopes, char text[RIGHTS_WORDS_SIZE]);

#endif
