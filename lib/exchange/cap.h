/* SPDX-License-Identifier: Apache-2.0
 * Writes crises as alerts that other warning systems read: OASIS Common Alerting Protocol 1.2, and an Atom feed of them. */
#ifndef EXCHANGE_CAP_H
#define EXCHANGE_CAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "domain/vocabulary.h"

/* One language's words; each becomes one <info>. */
struct cap_info {
    struct slice language;    /* RFC 3066: "en" */
    struct slice event;       /* "Ordered departure"; CAP demands one */
    struct slice area;        /* what the country is called; CAP demands one */
    struct slice description; /* may be empty */
};

struct cap_alert {
    struct slice sender;  /* an internet name; what CAP forbids in it is written as "_" */
    struct slice id;      /* of the crisis; the alert's identifier adds the time, so a changed alert is another one */
    int64_t sent_us;      /* when it last changed */
    struct slice country; /* ISO 3166-1 alpha-2 */
    enum posture posture; /* decides urgency and certainty */
    unsigned advisory_level; /* 1 to 4: decides severity and, without an evacuation, what to do */
    bool evacuating;         /* the ministry moves people: do as you are told */
    const struct cap_info *infos;
    size_t info_count;
};

#define CAP_MEDIA_TYPE      "application/cap+xml"
#define CAP_FEED_MEDIA_TYPE "application/atom+xml"

/* An XML document with one <alert>. A failure of the buffer is the caller's to look at. */
void cap_write(struct buffer *out, const struct cap_alert *alert);

/* CAP has no root for several alerts, or for none: then it is an Atom feed (RFC 4287), each alert whole in its entry. `sender`
 * publishes it; its time is that of the newest alert, and `now_us` when there is none. */
void cap_write_feed(struct buffer *out, struct slice sender, int64_t now_us, const struct cap_alert alerts[],
                    size_t count);

/* Adds text for an element's content or an attribute's value. What XML 1.0 section 2.2 does not allow becomes U+FFFD. */
void cap_escape(struct buffer *out, struct slice text);

#endif
