/* SPDX-License-Identifier: Apache-2.0
 * The bytes that sealed fields are bound to; a change here makes every sealed field of a register unreadable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/sealed_row.h"

static void expect(struct slice row, const char *hex)
{
    char text[2 * SEALED_ROW_SIZE + 1];
    assert_string_equal(hex_format(row.data, row.length, text).data, hex);
}

static void forms(void **state)
{
    uint8_t bytes[SEALED_ROW_SIZE];
    struct uuid uuid;
    (void)state;
    expect(sealed_row_registration(0, bytes), "0000000000000000");
    expect(sealed_row_registration(INT64_C(0x1fedcba98765), bytes), "00001fedcba98765");
    expect(sealed_row_member(INT64_C(0x1fedcba98765), 0, bytes), "00001fedcba9876500000000");
    expect(sealed_row_member(1, 0x01020304, bytes), "000000000000000101020304");
    assert_true(uuid_parse(SLICE("01234567-89ab-cdef-0123-456789abcdef"), &uuid));
    expect(sealed_row_uuid(&uuid, bytes), "0123456789abcdef0123456789abcdef");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms)};
    return cmocka_run_group_tests_name("store/sealed_row", tests, NULL, NULL);
}
