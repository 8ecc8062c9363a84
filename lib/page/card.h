/* SPDX-License-Identifier: Apache-2.0
 * A case code in forms that survive: said aloud, and as a picture for phones; private to lib/page. */
#ifndef PAGE_CARD_H
#define PAGE_CARD_H

#include "page/frame.h"

/* "Kilo 7 Mike 2 Quebec, 9 Quebec X-ray Delta 4": letters by the words of ICAO Annex 10 volume II section 5.2.1.3. */
struct slice page_card_spelled(struct page_frame *frame, struct slice case_code);

/* The dark squares of a QR code (ISO/IEC 18004) as an SVG path of unit squares, with a quiet zone of four; `side` is the picture's.
 * It holds the code and no address: a code must not stand in one. Empty when it could not be made. */
struct slice page_card_squares(struct page_frame *frame, struct slice case_code, unsigned *side);

#endif
