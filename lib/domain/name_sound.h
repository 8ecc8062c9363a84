/* SPDX-License-Identifier: Apache-2.0
 * How a folded name sounds, as a short key; private to the names of people (name.h). */
#ifndef DOMAIN_NAME_SOUND_H
#define DOMAIN_NAME_SOUND_H

#include "core/slice.h"
#include "domain/name.h"

/* Writes the key of a folded word, NUL-terminated; its spelling when no letter of it has a sound here. */
void name_sound(struct slice word, char sound[NAME_SPELLING_MAX + 1]);

#endif
