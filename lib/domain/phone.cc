/* SPDX-License-Identifier: Apache-2.0
 * The one door to libphonenumber: C on the outside, nothing thrown through it. */
#include "domain/phone.h"

#include <cstring>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace
{

enum { PHONE_TEXT_MAX = 120, ENOUGH_DIGITS = 6 };

bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One character beyond ASCII at `at`, as ASCII: a digit, a blank for what copied numbers carry along (no-break spaces,
 * dashes, direction marks), or 0 for what has no place in a number. Advances `at` past it. */
char fold(const struct slice &text, size_t *at)
{
    const auto byte = [&](size_t i) { return i < text.length ? static_cast<unsigned char>(text.data[i]) : 0U; };
    const unsigned first = byte(*at);
    const unsigned second = byte(*at + 1);
    const unsigned third = byte(*at + 2);
    if (first == 0xD9 && second >= 0xA0 && second <= 0xA9) { /* U+0660 to U+0669 */
        *at += 2;
        return static_cast<char>('0' + (second - 0xA0));
    }
    if (first == 0xDB && second >= 0xB0 && second <= 0xB9) { /* U+06F0 to U+06F9 */
        *at += 2;
        return static_cast<char>('0' + (second - 0xB0));
    }
    if (first == 0xC2 && second == 0xA0) {
        *at += 2;
        return ' ';
    }
    if (first == 0xE2 && (second == 0x80 || second == 0x81) && third >= 0x80 && third <= 0xBF) { /* U+2000 to U+207F */
        *at += 3;
        return ' ';
    }
    if (first == 0xEF && second == 0xBC && third == 0x8B) { /* U+FF0B */
        *at += 3;
        return '+';
    }
    return 0;
}

/* The first number in `text`, in ASCII: words before it are skipped ("tel: "), a letter or a second number's separator
 * behind it ends it ("(WhatsApp)", "/"). Empty when a foreign character stands in it. */
std::string plain_number(const struct slice &text)
{
    std::string plain;
    size_t digits = 0;
    for (size_t at = 0; at < text.length;) {
        unsigned char c = static_cast<unsigned char>(text.data[at]);
        if (c < 0x80) {
            at++;
        } else {
            c = static_cast<unsigned char>(fold(text, &at));
            if (c == 0) {
                return digits >= ENOUGH_DIGITS ? plain : std::string();
            }
        }
        if (is_letter(c) || c == '/' || c == ',' || c == ';') {
            if (digits > 0) {
                break;
            }
        } else if (is_digit(c) || c == '+' || (c != 0 && std::strchr(" .-()", c) != nullptr)) {
            plain.push_back(static_cast<char>(c));
            digits += is_digit(c) ? 1U : 0U;
        }
    }
    return plain;
}

/* "00" is how most of the world dials abroad, and begins no subscriber's number anywhere: read it as "+" whatever the
 * country's own prefix is. */
std::string with_plus(const std::string &plain)
{
    const size_t first = plain.find_first_of("+0123456789");
    if (first != std::string::npos && plain.compare(first, 2, "00") == 0) {
        return "+" + plain.substr(first + 2);
    }
    return plain;
}

/* E.164, or empty when it is no possible number. A number that can only be dialled within its town has no such form. */
std::string to_e164(const std::string &dialled, const char *country)
{
    using i18n::phonenumbers::PhoneNumber;
    using i18n::phonenumbers::PhoneNumberUtil;
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string formatted;
    if (util->Parse(dialled, country, &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
        util->IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE) {
        util->Format(number, PhoneNumberUtil::E164, &formatted);
    }
    return formatted;
}

/* Odd zeros may be a trunk prefix at one reading and a subscriber's at the next: numbers are compared as text everywhere,
 * so only a form that reads as itself is one. */
bool normalise(const struct slice &text, const char *country, char *e164)
{
    const std::string formatted = to_e164(with_plus(plain_number(text)), country);
    if (formatted.empty() || formatted.size() >= PHONE_E164_SIZE || to_e164(formatted, country) != formatted) {
        return false;
    }
    std::memcpy(e164, formatted.c_str(), formatted.size() + 1);
    return true;
}

/* National form at home, international abroad. */
bool show(const std::string &e164, const char *country, char *shown)
{
    using i18n::phonenumbers::PhoneNumber;
    using i18n::phonenumbers::PhoneNumberUtil;
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string formatted;
    if (util->Parse(e164, country, &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
        return false;
    }
    const bool home = util->GetCountryCodeForRegion(country) == number.country_code();
    util->Format(number, home ? PhoneNumberUtil::NATIONAL : PhoneNumberUtil::INTERNATIONAL, &formatted);
    if (formatted.empty() || formatted.size() >= PHONE_SHOWN_SIZE) {
        return false;
    }
    std::memcpy(shown, formatted.c_str(), formatted.size() + 1);
    return true;
}

} // namespace

extern "C" bool phone_show(struct slice e164, const char *country, char shown[PHONE_SHOWN_SIZE])
{
    const size_t length = e164.length < PHONE_SHOWN_SIZE ? e164.length : 0;
    std::memcpy(shown, e164.data, length);
    shown[length] = '\0';
    try {
        return length > 0 && show(std::string(e164.data, length), country, shown);
    } catch (...) {
        return false; /* out of memory within the library: the number stands as it was */
    }
}

extern "C" bool phone_normalise(struct slice text, const char *country, char e164[PHONE_E164_SIZE])
{
    e164[0] = '\0';
    if (text.length == 0 || text.length > PHONE_TEXT_MAX) {
        return false;
    }
    try {
        return normalise(text, country, e164);
    } catch (...) {
        e164[0] = '\0';
        return false; /* out of memory within the library: the record is refused as any odd number is */
    }
}
