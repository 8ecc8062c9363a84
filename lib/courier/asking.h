/* SPDX-License-Identifier: Apache-2.0
 * What a step of the overdue ladder takes: its text, in the party's language, sealed; or the case, as the crisis's policy has it. */
#ifndef COURIER_ASKING_H
#define COURIER_ASKING_H

#include <stdbool.h>

#include "core/arena.h"
#include "seal/blind.h"
#include "seal/seal.h"
#include "store/overdue.h"

struct asking_means {
    struct seal_opener *opener;
    struct blind_keys keys;
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    unsigned recipient_count;
    struct seal_epoch *epoch; /* NULL: none yet; replaced after ten minutes */
    int64_t opened_us;
};

void asking_means_release(struct asking_means *means);
/* The next step of a party that is due, with what it takes in the arena; whether one is to be taken. `room`: how many more texts may be made, of which it
 * takes one if it is one. A party that was heard takes none. False, too, when memory is out. */
bool asking_make(struct asking_means *means, const struct overdue_row *row, int64_t *room, struct arena *arena,
                 struct overdue_climb *climb);

#endif
