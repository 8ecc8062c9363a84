/* SPDX-License-Identifier: Apache-2.0
 * The open crises, their places, danger zones, assembly points and gateways as the edge last read them; read again every few seconds. */
#ifndef EDGE_REFERENCE_H
#define EDGE_REFERENCE_H

#include <event2/event.h>
#include <stdbool.h>

#include "pg/pool.h"
#include "domain/gazetteer.h"
#include "domain/place.h"
#include "store/assembly.h"
#include "store/crisis.h"
#include "store/zone.h"

struct reference;

struct reference *reference_new(struct event_base *base);
/* Starts reading from the pool, now and every REFERENCE_SECONDS. Until that is answered the crises are those of the file
 * "<directory>/<name>.crises", if there is one; each answer is kept there. */
bool reference_start(struct reference *reference, struct pg_pool *pool, const char *directory, const char *name);
void reference_free(struct reference *reference);

/* False until crises were read once: the edge then knows none and can take registrations for none. */
bool reference_is_known(const struct reference *reference);
/* They were read from PostgreSQL since the start: a crisis that is not among them is none. */
bool reference_is_current(const struct reference *reference);
/* Current; or known from the file, and PostgreSQL did not answer in the first ten seconds: one that is just starting is waited for. */
bool reference_is_settled(const struct reference *reference);
/* False until gateways were read once. */
bool reference_knows_gateways(const struct reference *reference);
/* Valid until control returns to the loop. */
const struct crisis_row *reference_crises(const struct reference *reference, size_t *count);
/* NULL when there is no such open crisis. */
const struct crisis_row *reference_crisis(const struct reference *reference, struct slice id);
/* The only open crisis; NULL when there is none or there are several. */
const struct crisis_row *reference_only_crisis(const struct reference *reference);
/* The triage policy of the crisis; of NULL, what is most urgent of those of all open ones: whose cry it is shows only in the register. */
const struct triage_policy *reference_policy(const struct reference *reference, const struct crisis_row *crisis);
/* Whether the position is in a danger zone of the crisis; of NULL, of any open one. */
bool reference_in_danger_zone(const struct reference *reference, const struct crisis_row *crisis,
                              const struct location *location);
/* The places that somebody in the crisis may name; of NULL, none. Valid until control returns to the loop. */
const struct gazetteer *reference_gazetteer(const struct reference *reference, const struct crisis_row *crisis);
/* The assembly points of all open crises that citizens are told of. Valid until control returns to the loop. */
const struct assembly_point *reference_assembly(const struct reference *reference, size_t *count);
const struct gateway_row *reference_gateway(const struct reference *reference, struct slice name);

#endif
