/* SPDX-License-Identifier: Apache-2.0
 * What a text takes, as lib/domain/sms_segment.c counts it (3GPP TS 23.038 section 6.2.1, TS 23.040 section 9.2.3.24.1); the server counts again. */
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_EXTENSION = new Set("\f^{}\\[~]|€");
export const SEGMENTS_MAX = 6;

function filled(units, one, part) {
  const total = units.reduce((sum, unit) => sum + unit, 0);
  let segments = 1;
  let used = 0;
  for (const unit of units) {
    if (used + unit > part) {
      segments += 1;
      used = 0;
    }
    used += unit;
  }
  return total <= one ? { segments: 1, units: total, room: one } : { segments, units: total, room: 0 };
}

/* { segments, units, room: of a single text, or 0, odd: the first character that takes the text out of GSM's alphabet, or null } */
export function sizeOf(text) {
  const characters = [...text.trim()];
  const odd = characters.find((one) => !GSM.has(one) && !GSM_EXTENSION.has(one)) ?? null;
  const units = characters.map((one) => (odd === null ? (GSM_EXTENSION.has(one) ? 2 : 1) : one.length));
  return { ...(odd === null ? filled(units, 160, 153) : filled(units, 70, 67)), odd };
}
