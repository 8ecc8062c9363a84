/* SPDX-License-Identifier: Apache-2.0
 * What a text message gives besides its status: a case code, a number of people, a place name. Each marks what it used. */
#ifndef DOMAIN_SMS_EXTRACT_H
#define DOMAIN_SMS_EXTRACT_H

#include "domain/gazetteer.h"
#include "domain/sms.h"
#include "domain/sms_text.h"

/* Phrases must have been matched. The first code that fits; else whether something looked like one. Words of the tables are
 * never taken for a code: no chance check symbol may swallow a cry for help. */
void sms_case_extract(struct sms_text *text, struct sms_reading *reading);
/* "we are 4", "4 people", "2 adultes 3 enfants". */
void sms_people_extract(struct sms_text *text, struct sms_reading *reading);
/* The first name of the gazetteer that the sender says to be in, else the first; its position is taken only when the message gave none. A town that is
 * named too says which of several places of one name is meant; when none does, the name is kept and no position. */
void sms_place_extract(struct sms_text *text, const struct gazetteer *gazetteer, struct sms_reading *reading);
/* Of words that were corrected (sms_spelling.h), takes back those that stand in a whole name of the gazetteer
 * with a word beside them that no cry has: "Pont Blesze" is a bridge. */
void sms_place_keep(struct sms_text *text, const struct gazetteer *gazetteer);

#endif
