/* SPDX-License-Identifier: Apache-2.0
 * A scenario from its JSON: one table of members for each object, every fault named with its path. */
#include <stdarg.h>
#include <stdio.h>

#include "core/json_read.h"
#include "core/tree.h"
#include "core/utf8.h"
#include "drill/scenario.h"

struct reader {
    struct arena *arena;
    struct scenario_faults *faults;
};

/* Where an object stands: "" or "phases/1/". */
struct spot {
    char path[64];
};

static void fault(struct reader *reader, const struct spot *spot, struct slice name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void fault(struct reader *reader, const struct spot *spot, struct slice name, const char *format, ...)
{
    if (reader->faults->count == SCENARIO_FAULTS_MAX) {
        return;
    }
    struct scenario_fault *one = &reader->faults->items[reader->faults->count++];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(one->what, sizeof(one->what), format, arguments);
    va_end(arguments);
    (void)snprintf(one->path, sizeof(one->path), "%s%.*s", spot->path, (int)(name.length < 30 ? name.length : 30),
                   name.length > 0 ? name.data : "");
}

enum member_kind { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_WORD, MEMBER_NEEDS, MEMBER_RATE, MEMBER_LIST, MEMBER_OBJECT };

struct member_table;

struct member {
    const char *name;
    enum member_kind kind;
    bool required;
    size_t offset;      /* of the field; of a LIST: of its pointer, or of its first item when `inside` */
    double least, most; /* of a NUMBER, of both ends of a RATE; most: of a TEXT's bytes */
    const struct vocabulary *words;
    size_t given_offset; /* of a WORD: the bool that says it was given; 0: none */
    const struct member_table *table;
    size_t item_size, count_offset;
    bool inside; /* the items stand in the struct itself */
};

struct member_table {
    const struct member *members;
    size_t count;
};

static void read_object(struct reader *reader, const struct spot *spot, const struct tree *object,
                        const struct member_table *table, void *into);

static bool number_of(const struct tree *node, double *value)
{
    if (node->kind == TREE_INTEGER) {
        *value = (double)node->integer;
    } else if (node->kind == TREE_REAL) {
        *value = node->real;
    }
    return node->kind == TREE_INTEGER || node->kind == TREE_REAL;
}

static bool in_range(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                     double *value)
{
    if (!number_of(node, value) || *value < m->least || *value > m->most) {
        fault(reader, spot, slice_of(m->name), "must be a number from %g to %g", m->least, m->most);
        return false;
    }
    return true;
}

static void read_text(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                      struct slice *field)
{
    if (node->kind != TREE_TEXT || node->text.length == 0 || (double)node->text.length > m->most ||
        !utf8_is_text(node->text)) {
        fault(reader, spot, slice_of(m->name), "must be a text of 1 to %g bytes without control characters", m->most);
        return;
    }
    *field = arena_dup(reader->arena, node->text);
}

/* Which words would do, for whoever must mend the file. */
static void fault_word(struct reader *reader, const struct spot *spot, const struct member *m)
{
    char list[88] = "";
    for (unsigned i = 0; i < m->words->count; i++) {
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof(list) - used, "%s%.*s", i > 0 ? ", " : "", SLICE_ARGS(m->words->names[i]));
    }
    fault(reader, spot, slice_of(m->name), "must be one of %s", list);
}

static void read_word(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                      char *into)
{
    unsigned value = 0;
    if (node->kind != TREE_TEXT || !vocabulary_find(m->words, node->text, &value)) {
        fault_word(reader, spot, m);
        return;
    }
    memcpy(into + m->offset, &value, sizeof(value)); /* the enums of a vocabulary are unsigned */
    if (m->given_offset != 0) {
        *(bool *)(into + m->given_offset) = true;
    }
}

static void read_needs(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                       uint32_t *needs)
{
    unsigned value = 0;
    if (node->kind != TREE_LIST) {
        fault(reader, spot, slice_of(m->name), "must be a list of needs");
        return;
    }
    for (const struct tree *item = node->children.first; item != NULL; item = item->next) {
        if (item->kind != TREE_TEXT || !vocabulary_find(&vocabulary_need, item->text, &value)) {
            fault(reader, spot, slice_of(m->name), "there is no need \"%.*s\"",
                  item->kind == TREE_TEXT && item->text.length < 40 ? (int)item->text.length : 0,
                  item->kind == TREE_TEXT ? item->text.data : "");
        } else {
            *needs |= NEED_BIT(value);
        }
    }
}

static void read_rate(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                      struct scenario_rate *rate)
{
    double number = 0;
    if (number_of(node, &number)) {
        if (in_range(reader, spot, m, node, &number)) {
            *rate = (struct scenario_rate){number, number};
        }
        return;
    }
    const struct tree *from = tree_item(node, 0), *to = tree_item(node, 1);
    if (from == NULL || to == NULL || node->count != 2) {
        fault(reader, spot, slice_of(m->name), "must be a rate a second, or [from, to]");
        return;
    }
    (void)in_range(reader, spot, m, from, &rate->from);
    (void)in_range(reader, spot, m, to, &rate->to);
}

static void read_list(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                      char *into)
{
    size_t index = 0;
    if (node->kind != TREE_LIST || node->count > SCENARIO_LIST_MAX || (m->required && node->count == 0)) {
        fault(reader, spot, slice_of(m->name), "must be a list of %d to %d", m->required ? 1 : 0, SCENARIO_LIST_MAX);
        return;
    }
    char *items = m->inside ? into + m->offset : arena_array(reader->arena, node->count, m->item_size);
    if (items == NULL) {
        return; /* the arena says so */
    }
    for (const struct tree *item = node->children.first; item != NULL; item = item->next, index++) {
        struct spot below;
        (void)snprintf(below.path, sizeof(below.path), "%.30s%.20s/%zu/", spot->path, m->name, index);
        read_object(reader, &below, item, m->table, items + index * m->item_size);
    }
    if (!m->inside) {
        memcpy(into + m->offset, &items, sizeof(items));
    }
    memcpy(into + m->count_offset, &index, sizeof(index));
}

static void read_member(struct reader *reader, const struct spot *spot, const struct member *m, const struct tree *node,
                        char *into)
{
    double number = 0;
    struct spot below;
    switch (m->kind) {
    case MEMBER_TEXT:
        read_text(reader, spot, m, node, (struct slice *)(void *)(into + m->offset));
        return;
    case MEMBER_NUMBER:
        if (in_range(reader, spot, m, node, &number)) {
            memcpy(into + m->offset, &number, sizeof(number));
        }
        return;
    case MEMBER_WORD:
        read_word(reader, spot, m, node, into);
        return;
    case MEMBER_NEEDS:
        read_needs(reader, spot, m, node, (uint32_t *)(void *)(into + m->offset));
        return;
    case MEMBER_RATE:
        read_rate(reader, spot, m, node, (struct scenario_rate *)(void *)(into + m->offset));
        return;
    case MEMBER_LIST:
        read_list(reader, spot, m, node, into);
        return;
    case MEMBER_OBJECT:
        (void)snprintf(below.path, sizeof(below.path), "%.40s%.20s/", spot->path, m->name);
        read_object(reader, &below, node, m->table, into);
        return;
    }
}

static const struct member *find_member(const struct member_table *table, struct slice name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (slice_equal(name, slice_of(table->members[i].name))) {
            return &table->members[i];
        }
    }
    return NULL;
}

static void read_object(struct reader *reader, const struct spot *spot, const struct tree *object,
                        const struct member_table *table, void *into)
{
    if (object->kind != TREE_OBJECT) {
        fault(reader, spot, SLICE(""), "must be an object");
        return;
    }
    for (const struct tree *node = object->children.first; node != NULL; node = node->next) {
        const struct member *m = find_member(table, node->name);
        if (m == NULL) {
            fault(reader, spot, node->name, "is not known here");
        } else {
            read_member(reader, spot, m, node, into);
        }
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->members[i].required && tree_member(object, slice_of(table->members[i].name)) == NULL) {
            fault(reader, spot, slice_of(table->members[i].name), "is missing");
        }
    }
}

/* What is read as a number and kept as something else. */
struct raw_household {
    struct scenario_household household;
    double people;
};

struct raw {
    struct scenario scenario;
    double parties;
    struct raw_household *households;
};

#define AT(type, field) offsetof(type, field)
#define NUMBER(title, must, type, field, low, high)                                                                    \
    {                                                                                                                  \
        .name = (title), .kind = MEMBER_NUMBER, .required = (must), .offset = AT(type, field), .least = (low),         \
        .most = (high)                                                                                                 \
    }
#define TEXT(title, must, type, field, bytes)                                                                          \
    {                                                                                                                  \
        .name = (title), .kind = MEMBER_TEXT, .required = (must), .offset = AT(type, field), .most = (bytes)           \
    }
#define NEEDS(type, field)                                                                                             \
    {                                                                                                                  \
        .name = "needs", .kind = MEMBER_NEEDS, .offset = AT(type, field)                                               \
    }
#define RATE(title, which)                                                                                             \
    {                                                                                                                  \
        .name = (title), .kind = MEMBER_RATE, .offset = AT(struct scenario_phase, rate[which]), .most = 1e6            \
    }
#define LIST(title, must, type, field, counter, item, members)                                                         \
    {                                                                                                                  \
        .name = (title), .kind = MEMBER_LIST, .required = (must), .offset = AT(type, field), .table = &(members),      \
        .item_size = sizeof(item), .count_offset = AT(type, counter)                                                   \
    }
#define TABLE(title)                                                                                                   \
    static const struct member_table title = {title##_members, sizeof(title##_members) / sizeof(title##_members[0])}
#define WEIGHT(type) NUMBER("weight", false, type, weight, 1e-6, 1e6)

static const struct member language_members[] = {
    WEIGHT(struct scenario_language),
    TEXT("tag", true, struct scenario_language, tag, 12),
};
TABLE(language);

static const struct member household_members[] = {
    NUMBER("weight", false, struct raw_household, household.weight, 1e-6, 1e6),
    NUMBER("people", true, struct raw_household, people, 1, SCENARIO_PEOPLE_MAX),
    NEEDS(struct raw_household, household.needs),
    {.name = "intent",
     .kind = MEMBER_WORD,
     .offset = AT(struct raw_household, household.intent),
     .words = &vocabulary_intent,
     .given_offset = AT(struct raw_household, household.has_intent)},
};
TABLE(household);

static const struct member place_members[] = {
    WEIGHT(struct scenario_place),
    TEXT("name", true, struct scenario_place, name, 100),
    NUMBER("lat", true, struct scenario_place, lat, -90, 90),
    NUMBER("lon", true, struct scenario_place, lon, -180, 180),
};
TABLE(place);

static const struct member report_members[] = {
    WEIGHT(struct scenario_report),
    {.name = "status",
     .kind = MEMBER_WORD,
     .required = true,
     .offset = AT(struct scenario_report, status),
     .words = &vocabulary_check_in_status},
    NEEDS(struct scenario_report, needs),
    TEXT("message", false, struct scenario_report, message, SCENARIO_WORDS_MAX),
};
TABLE(report);

static const struct member text_members[] = {
    WEIGHT(struct scenario_text),
    TEXT("text", true, struct scenario_text, text, SCENARIO_WORDS_MAX),
    {.name = "status",
     .kind = MEMBER_WORD,
     .offset = AT(struct scenario_text, status),
     .words = &vocabulary_check_in_status,
     .given_offset = AT(struct scenario_text, has_status)},
};
TABLE(text);

static const struct member outage_members[] = {
    NUMBER("at", true, struct scenario_outage, at, 0, 1e6),
    NUMBER("seconds", true, struct scenario_outage, seconds, 0, 1e5),
    NUMBER("share", false, struct scenario_outage, share, 0.01, 1),
};
TABLE(outage);

static const struct member phase_members[] = {
    TEXT("name", true, struct scenario_phase, name, 60),
    NUMBER("seconds", true, struct scenario_phase, seconds, 0.1, 1e6),
    RATE("register", KIND_REGISTER),
    RATE("check_in", KIND_CHECK_IN),
    RATE("text", KIND_TEXT),
    NUMBER("strangers", false, struct scenario_phase, strangers, 0, 1),
    NUMBER("duplicates", false, struct scenario_phase, duplicates, 0, 1),
    NUMBER("reordered", false, struct scenario_phase, reordered, 0, 1),
    NUMBER("late", false, struct scenario_phase, late, 0, 1),
    {.name = "outages",
     .kind = MEMBER_LIST,
     .offset = AT(struct scenario_phase, outages),
     .table = &outage,
     .item_size = sizeof(struct scenario_outage),
     .count_offset = AT(struct scenario_phase, outage_count),
     .inside = true},
};
TABLE(phase);

static const struct member population_members[] = {
    NUMBER("parties", true, struct raw, parties, 1, 4000000),
    NUMBER("phones", false, struct raw, scenario.phones, 0, 1),
    LIST("languages", true, struct raw, scenario.languages, scenario.language_count, struct scenario_language,
         language),
    LIST("households", true, struct raw, households, scenario.household_count, struct raw_household, household),
    LIST("places", true, struct raw, scenario.places, scenario.place_count, struct scenario_place, place),
};
TABLE(population);

static const struct member root_members[] = {
    TEXT("about", false, struct raw, scenario.about, 1000),
    TEXT("crisis", false, struct raw, scenario.crisis, 31),
    {.name = "population", .kind = MEMBER_OBJECT, .required = true, .table = &population},
    LIST("reports", true, struct raw, scenario.reports, scenario.report_count, struct scenario_report, report),
    LIST("texts", false, struct raw, scenario.texts, scenario.text_count, struct scenario_text, text),
    LIST("phases", true, struct raw, scenario.phases, scenario.phase_count, struct scenario_phase, phase),
};
TABLE(root);

/* A weight, or the share of an outage, that was not given is 1: the least that may be given is above 0. */
static void default_weights(void *items, size_t count, size_t stride, size_t offset)
{
    const double one = 1;
    for (size_t i = 0; i < count; i++) {
        double value;
        char *at = (char *)items + i * stride + offset;
        memcpy(&value, at, sizeof(value));
        if (value <= 0) {
            memcpy(at, &one, sizeof(one));
        }
    }
}

static void judge(struct reader *reader, const struct scenario *s)
{
    const struct spot top = {""};
    for (size_t i = 0; i < s->phase_count; i++) {
        struct spot spot;
        const struct scenario_phase *p = &s->phases[i];
        (void)snprintf(spot.path, sizeof(spot.path), "phases/%zu/", i);
        for (size_t k = 0; k < p->outage_count; k++) {
            if (p->outages[k].at + p->outages[k].seconds > p->seconds) {
                fault(reader, &spot, SLICE("outages"), "outage %zu ends after its phase", k);
            }
        }
        if (s->text_count == 0 && (p->rate[KIND_TEXT].from > 0 || p->rate[KIND_TEXT].to > 0)) {
            fault(reader, &spot, SLICE("text"), "the scenario has no \"texts\" to send");
        }
    }
    if (scenario_total(s, KIND_REGISTER) < 1 && reader->faults->count == 0) {
        fault(reader, &top, SLICE("phases"), "nobody registers in any of them");
    }
}

static bool finish(struct reader *reader, struct raw *raw)
{
    struct scenario *s = &raw->scenario;
    s->households = arena_array(reader->arena, s->household_count + 1, sizeof(*s->households));
    if (s->households == NULL) {
        return false;
    }
    for (size_t i = 0; i < s->household_count; i++) {
        s->households[i] = raw->households[i].household;
        s->households[i].people = (unsigned)raw->households[i].people;
    }
    s->parties = (uint32_t)raw->parties;
    default_weights(s->languages, s->language_count, sizeof(*s->languages), 0);
    default_weights(s->households, s->household_count, sizeof(*s->households), 0);
    default_weights(s->places, s->place_count, sizeof(*s->places), 0);
    default_weights(s->reports, s->report_count, sizeof(*s->reports), 0);
    default_weights(s->texts, s->text_count, sizeof(*s->texts), 0);
    for (size_t i = 0; i < s->phase_count; i++) {
        default_weights(s->phases[i].outages, s->phases[i].outage_count, sizeof(struct scenario_outage),
                        offsetof(struct scenario_outage, share));
    }
    judge(reader, s);
    return reader->faults->count == 0;
}

bool scenario_read(struct scenario *scenario, struct arena *arena, struct slice json, struct scenario_faults *faults)
{
    struct reader reader = {arena, faults};
    const struct spot top = {""};
    struct raw raw = {.scenario = {.phones = 1}};
    faults->count = 0;
    const struct tree *tree = json_read(arena, json);
    if (tree == NULL) {
        fault(&reader, &top, SLICE("the file"), "is no JSON, or is too large");
        return false;
    }
    read_object(&reader, &top, tree, &root, &raw);
    bool read = faults->count == 0 && finish(&reader, &raw);
    if (arena->failed && faults->count == 0) {
        fault(&reader, &top, SLICE("the file"), "does not fit into memory");
        return false;
    }
    *scenario = raw.scenario;
    return read;
}
