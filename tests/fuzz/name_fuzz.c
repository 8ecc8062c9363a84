/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a name: every word has a spelling and a sound of bounded length, and reading the spelling again gives the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "domain/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct name_tokens tokens = {.count = 0};
    struct name_token joined;
    name_add(&tokens, slice_make(data, size));
    assert(tokens.count <= NAME_TOKENS_MAX);
    for (size_t i = 0; i < tokens.count; i++) {
        const struct name_token *token = &tokens.items[i];
        struct name_tokens again = {.count = 0};
        struct slice prefix;
        size_t length = strlen(token->spelling);
        assert(length > 0 && length <= NAME_SPELLING_MAX);
        assert(token->sound[0] != '\0' && strlen(token->sound) <= NAME_SPELLING_MAX);
        (void)name_prefix(token, NAME_PREFIX_SHORT, &prefix);
        assert(prefix.length <= length);
        assert(name_likeness(token, token) == 100);
        name_add(&again, slice_make(token->spelling, length));
        assert(again.count == 1 && strcmp(again.items[0].spelling, token->spelling) == 0);
        assert(i == 0 || !name_join(&tokens.items[i - 1], token, &joined) || joined.sound[0] != '\0');
    }
    return 0;
}
