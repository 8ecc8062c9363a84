/* SPDX-License-Identifier: Apache-2.0
 * A table of countries without summer time: a rule that changes twice a year would need the zone database, and that one day's update. */
#include "domain/country_clock.h"

#include <stddef.h>

/* IANA time zone database, 2023c. */
static const struct {
    const char *countries; /* codes, separated by spaces */
    int minutes;
} clocks[] = {
    {"BF CI GH GM GN GW IS LR ML MR SL SN TG", 0},
    {"AO BJ CF CG CM DZ GA GQ NE NG TD TN", 60},
    {"BI BW LY MW MZ RW SD SS SZ LS ZA ZM ZW NA", 120},
    {"DJ ER ET KE KM MG SO TZ UG BY BH IQ KW QA SA SY JO TR YE", 180},
    {"AE AM AZ GE OM", 240},
    {"AF", 270},
    {"PK TJ TM UZ MV", 300},
    {"IN LK", 330},
    {"NP", 345},
    {"BD BT KG", 360},
    {"MM", 390},
    {"KH LA TH VN", 420},
    {"CN MY PH SG TW", 480},
    {"JP KP KR TL", 540},
    {"VE BO GY", -240},
};

bool country_clock_offset(struct slice country, int *minutes)
{
    if (country.length != 2) {
        return false;
    }
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        struct slice codes = slice_of(clocks[i].countries);
        struct slice code;
        while (slice_split(&codes, ' ', &code)) {
            if (slice_equal(code, country)) {
                *minutes = clocks[i].minutes;
                return true;
            }
        }
    }
    return false;
}
