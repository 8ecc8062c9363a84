/* SPDX-License-Identifier: Apache-2.0
 * The codes in order, two letters each. */
#include "domain/country.h"

#include <string.h>

static const char codes[] = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZ"
                            "BABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ"
                            "CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ"
                            "DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFR"
                            "GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY"
                            "HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP"
                            "KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLY"
                            "MAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZ"
                            "NANCNENFNGNINLNONPNRNUNZOM"
                            "PAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
                            "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZ"
                            "TCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ"
                            "UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";
_Static_assert(sizeof(codes) - 1 == 2 * COUNTRY_COUNT, "two letters a country");

bool country_is_code(struct slice text)
{
    size_t low = 0;
    size_t high = COUNTRY_COUNT;
    if (text.length != 2) {
        return false;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(text.data, codes + 2 * middle, 2);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}
