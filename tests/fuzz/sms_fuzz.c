/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a text message: nothing breaks, and what is read keeps its promises. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/case_code.h"
#include "domain/check_in.h"
#include "domain/sms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_location(const struct location *location, struct slice text)
{
    if (location->has_position) {
        require(location->given);
        require(fabs(location->lat) <= 90 && fabs(location->lon) <= 180);
        require(fabs(location->lat) > 0 || fabs(location->lon) > 0);
    }
    require(location->place.length == 0 || (location->place.data >= text.data &&
                                            location->place.data + location->place.length <= text.data + text.length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sms_reading reading;
    struct sms_reading again;
    struct slice text = slice_make(data, size);
    sms_read(text, &reading);
    sms_read(text, &again);
    struct sms_danger danger = sms_read_danger(text);
    require(danger.trapped == reading.trapped && danger.under_fire == reading.under_fire);
    require(reading.has_status == again.has_status && reading.status == again.status && reading.needs == again.needs);
    require(reading.status <= STATUS_DEPARTED && reading.needs < NEED_BIT(NEED_COUNT));
    require(!reading.has_case || (reading.registration_id >= 0 && reading.registration_id <= REGISTRATION_ID_MAX));
    require(!(reading.has_case && reading.case_mistyped));
    require(!reading.has_people || (reading.people >= 1 && reading.people <= PEOPLE_MAX));
    require(memchr(reading.language, '\0', sizeof(reading.language)) != NULL);
    require(reading.certainty == again.certainty && reading.certainty <= SMS_GUESSED);
    require(!(reading.certainty == SMS_SURE && reading.left_over));
    bool help = reading.has_status && reading.status != STATUS_SAFE && reading.status != STATUS_DEPARTED;
    require(!(reading.stop && help));
    /* Whoever is trapped, under fire, or in need and silent, is heard. */
    require(!(reading.trapped || reading.under_fire) || help);
    require(reading.needs == 0 || reading.has_status);
    check_location(&reading.location, text);
    return 0;
}
