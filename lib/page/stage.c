/* SPDX-License-Identifier: Apache-2.0
 * The order of the questions, and whose field is whose. */
#include "page/stage.h"

#include <stdio.h>

static const struct slice names[PAGE_STEP_COUNT] = {
    [PAGE_STEP_NAME] = SLICE_INIT("name"),           [PAGE_STEP_WHERE] = SLICE_INIT("where"),
    [PAGE_STEP_WITH] = SLICE_INIT("with"),           [PAGE_STEP_NEEDS] = SLICE_INIT("needs"),
    [PAGE_STEP_PLAN] = SLICE_INIT("plan"),           [PAGE_STEP_BIRTH] = SLICE_INIT("birth"),
    [PAGE_STEP_PAPERS] = SLICE_INIT("papers"),       [PAGE_STEP_REACH] = SLICE_INIT("reach"),
    [PAGE_STEP_EMERGENCY] = SLICE_INIT("emergency"), [PAGE_STEP_CONSENT] = SLICE_INIT("consent"),
    [PAGE_STEP_CHECK] = SLICE_INIT("check"),
};

static const struct page_stage first = {PAGE_STEP_NAME, 0};
static const struct page_stage check = {PAGE_STEP_CHECK, 0};

bool page_stage_read(struct slice text, struct page_stage *stage)
{
    uint64_t person = 0;
    size_t dash = slice_index(text, '-');
    struct slice name = slice_sub(text, 0, dash);
    *stage = first;
    for (unsigned i = 0; i < PAGE_STEP_COUNT; i++) {
        if (slice_equal(names[i], name)) {
            stage->step = (enum page_step)i;
            if (i == PAGE_STEP_WITH) {
                bool numbered = dash < text.length &&
                                slice_to_u64(slice_sub(text, dash + 1, text.length), PAGE_PEOPLE_MAX - 1, &person);
                stage->person = numbered && person > 0 ? (unsigned)person : 1;
            }
            return true;
        }
    }
    return false;
}

struct slice page_stage_write(struct page_stage stage, char text[PAGE_STAGE_TEXT])
{
    int length = stage.step == PAGE_STEP_WITH ? snprintf(text, PAGE_STAGE_TEXT, "with-%u", stage.person)
                                              : snprintf(text, PAGE_STAGE_TEXT, "%s", page_step_name(stage.step));
    return slice_make(text, length > 0 ? (size_t)length : 0);
}

const char *page_step_name(enum page_step step)
{
    return names[step].data;
}

enum page_go page_go_read(struct slice text, struct page_stage *to)
{
    *to = first;
    if (slice_equal(text, SLICE("next"))) {
        return PAGE_GO_NEXT;
    }
    if (slice_equal(text, SLICE("back"))) {
        return PAGE_GO_BACK;
    }
    if (slice_equal(text, SLICE("add"))) {
        return PAGE_GO_ADD;
    }
    return page_stage_read(text, to) ? PAGE_GO_TO : PAGE_GO_NEXT;
}

static struct page_stage at(enum page_step step, unsigned people)
{
    return (struct page_stage){step, step == PAGE_STEP_WITH ? (people > 1 ? people - 1 : 1) : 0};
}

/* Persons are asked after one by one, those that were named before the next question. */
static struct page_stage after(struct page_stage from, unsigned people)
{
    if (from.step == PAGE_STEP_WITH && from.person + 1 < people) {
        return (struct page_stage){PAGE_STEP_WITH, from.person + 1};
    }
    if (from.step == PAGE_STEP_WHERE) {
        return (struct page_stage){PAGE_STEP_WITH, 1};
    }
    return from.step < PAGE_STEP_CHECK ? at(from.step + 1, people) : check;
}

static struct page_stage before(struct page_stage from, unsigned people)
{
    if (from.step == PAGE_STEP_WITH && from.person > 1) {
        return (struct page_stage){PAGE_STEP_WITH, from.person - 1};
    }
    return from.step > PAGE_STEP_NAME ? at(from.step - 1, people) : first;
}

struct page_stage page_stage_move(struct page_stage from, enum page_go go, struct page_stage to, unsigned people,
                                  bool checking)
{
    people = people < PAGE_PEOPLE_MAX ? people : PAGE_PEOPLE_MAX;
    switch (go) {
    case PAGE_GO_NEXT:
        return checking ? check : after(from, people);
    case PAGE_GO_BACK:
        return checking ? check : before(from, people);
    case PAGE_GO_ADD:
        if (people < PAGE_PEOPLE_MAX) {
            return (struct page_stage){PAGE_STEP_WITH, people > 1 ? people : 1};
        }
        return checking ? check : after(from, people);
    case PAGE_GO_TO:
        return to;
    }
    return first;
}

struct page_stage page_stage_of(struct slice path)
{
    static const struct {
        struct slice prefix;
        enum page_step step;
    } owners[] = {
        {SLICE_INIT("party/0/needs"), PAGE_STEP_NEEDS},
        {SLICE_INIT("party/0/birth_date"), PAGE_STEP_BIRTH},
        {SLICE_INIT("party/0/citizenships"), PAGE_STEP_PAPERS},
        {SLICE_INIT("party/0/category"), PAGE_STEP_PAPERS},
        {SLICE_INIT("party/0/document"), PAGE_STEP_PAPERS},
        {SLICE_INIT("party/0/"), PAGE_STEP_NAME},
        {SLICE_INIT("contacts/0"), PAGE_STEP_NAME},
        {SLICE_INIT("contacts/"), PAGE_STEP_REACH},
        {SLICE_INIT("location"), PAGE_STEP_WHERE},
        {SLICE_INIT("intent"), PAGE_STEP_PLAN},
        {SLICE_INIT("emergency_contact"), PAGE_STEP_EMERGENCY},
        {SLICE_INIT("consent"), PAGE_STEP_CONSENT},
    };
    uint64_t person = 0;
    for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
        if (slice_starts_with(path, owners[i].prefix)) {
            return (struct page_stage){owners[i].step, 0};
        }
    }
    if (slice_starts_with(path, SLICE("party/"))) {
        struct slice rest = slice_sub(path, sizeof("party/") - 1, path.length);
        if (slice_to_u64(slice_sub(rest, 0, slice_index(rest, '/')), PAGE_PEOPLE_MAX - 1, &person)) {
            return (struct page_stage){PAGE_STEP_WITH, (unsigned)person};
        }
    }
    return first;
}

bool page_stage_equal(struct page_stage a, struct page_stage b)
{
    return a.step == b.step && a.person == b.person;
}
