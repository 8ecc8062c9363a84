/* SPDX-License-Identifier: Apache-2.0
 * The checksum against the vectors of RFC 3720 appendix B.4. */
#include "journal/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void test_vectors(void **state)
{
    uint8_t bytes[32];
    (void)state;
    memset(bytes, 0, sizeof(bytes));
    assert_int_equal(journal_crc32c(slice_make(bytes, sizeof(bytes))), 0x8a9136aaU);
    memset(bytes, 0xff, sizeof(bytes));
    assert_int_equal(journal_crc32c(slice_make(bytes, sizeof(bytes))), 0x62a8ab43U);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)i;
    }
    assert_int_equal(journal_crc32c(slice_make(bytes, sizeof(bytes))), 0x46dd794eU);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(31 - i);
    }
    assert_int_equal(journal_crc32c(slice_make(bytes, sizeof(bytes))), 0x113fdb5cU);
    assert_int_equal(journal_crc32c(SLICE("123456789")), 0xe3069283U);
    assert_int_equal(journal_crc32c(SLICE("")), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors)};
    return cmocka_run_group_tests_name("crc32c", tests, NULL, NULL);
}
