/* SPDX-License-Identifier: Apache-2.0
 * Registering one thing a page: which question is asked, and which comes next. Pure. */
#ifndef PAGE_STAGE_H
#define PAGE_STAGE_H

#include <stdbool.h>

#include "core/slice.h"

/* In the order asked: what helps to find and warn somebody first. */
enum page_step {
    PAGE_STEP_NAME,
    PAGE_STEP_WHERE,
    PAGE_STEP_WITH, /* once for each person beside the first */
    PAGE_STEP_NEEDS,
    PAGE_STEP_PLAN,
    PAGE_STEP_BIRTH,
    PAGE_STEP_PAPERS,
    PAGE_STEP_REACH,
    PAGE_STEP_EMERGENCY,
    PAGE_STEP_CONSENT,
    PAGE_STEP_CHECK,
    PAGE_STEP_COUNT,
};

enum { PAGE_PEOPLE_MAX = 12, PAGE_STAGE_TEXT = 16 };

struct page_stage {
    enum page_step step;
    unsigned person; /* for PAGE_STEP_WITH, 1 to PAGE_PEOPLE_MAX - 1: its place in the party; else 0 */
};

/* "where", "with-2"; what the form's _step says. False, and the first question, when it is none. */
bool page_stage_read(struct slice text, struct page_stage *stage);
/* NUL-terminated. */
struct slice page_stage_write(struct page_stage stage, char text[PAGE_STAGE_TEXT]);
const char *page_step_name(enum page_step step);

/* What the person pressed. PAGE_GO_TO: a question by its name, from the list of answers. */
enum page_go { PAGE_GO_NEXT, PAGE_GO_BACK, PAGE_GO_ADD, PAGE_GO_TO };
/* "next", "back", "add"; anything else is a question's name, into *to. */
enum page_go page_go_read(struct slice text, struct page_stage *to);

/* Where that leads. `people` have been named, the first included; `checking`: a single answer is being changed, so the list of answers is
 * next. Adding a person goes to the first place that is free, and on when none is. */
struct page_stage page_stage_move(struct page_stage from, enum page_go go, struct page_stage to, unsigned people,
                                  bool checking);

/* The question whose answer a field's path belongs to; the first one for what belongs to none. */
struct page_stage page_stage_of(struct slice path);
bool page_stage_equal(struct page_stage a, struct page_stage b);

#endif
