/* SPDX-License-Identifier: Apache-2.0
 * Keyed derivations, all by seal/blind. */
#include "store/derive.h"

#include <openssl/crypto.h>
#include <string.h>

#include "core/buffer.h"
#include "core/case_code.h"
#include "domain/exercise.h"

static int64_t number_of(const uint8_t value[BLIND_SIZE])
{
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number = (number << 8) | value[i];
    }
    return (int64_t)(number & (uint64_t)REGISTRATION_ID_MAX);
}

int64_t derive_registration_id(const struct blind_keys *keys, const struct uuid *client_id, unsigned attempt)
{
    uint8_t input[UUID_SIZE + 1];
    uint8_t value[BLIND_SIZE];
    memcpy(input, client_id->bytes, UUID_SIZE);
    input[UUID_SIZE] = (uint8_t)attempt;
    blind(keys, BLIND_REGISTRATION_ID, slice_make(input, sizeof(input)), value);
    return number_of(value);
}

int64_t derive_stranger_id(const struct blind_keys *keys, struct slice e164)
{
    uint8_t value[BLIND_SIZE];
    blind(keys, BLIND_REGISTRATION_ID, e164, value); /* starts with "+": never as long as a UUID and an attempt */
    return number_of(value);
}

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct slice derive_secret(const struct blind_keys *keys, const struct uuid *client_id, char text[SECRET_TEXT_SIZE + 1])
{
    uint8_t value[BLIND_SIZE];
    size_t at = 0;
    blind(keys, BLIND_REGISTRATION_SECRET, slice_make(client_id->bytes, UUID_SIZE), value);
    for (size_t i = 0; i < SECRET_SYMBOLS; i++) {
        if (i > 0 && i % 4 == 0) {
            text[at++] = '-';
        }
        text[at++] = alphabet[value[i] & 31U];
    }
    text[at] = '\0';
    return slice_make(text, at);
}

static char canonical_symbol(char c)
{
    c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

bool derive_secret_mac(const struct blind_keys *keys, struct slice secret, uint8_t mac[BLIND_SIZE])
{
    char symbols[SECRET_SYMBOLS];
    size_t count = 0;
    for (size_t i = 0; i < secret.length; i++) {
        if (secret.data[i] == '-' || secret.data[i] == ' ') {
            continue;
        }
        char c = canonical_symbol(secret.data[i]);
        if (c == '\0' || count == SECRET_SYMBOLS) {
            return false;
        }
        symbols[count++] = c;
    }
    blind(keys, BLIND_SECRET_CHECK, slice_make(symbols, count), mac);
    return count == SECRET_SYMBOLS;
}

static void add_text(struct buffer *out, struct slice text)
{
    buffer_add_u32(out, (uint32_t)text.length);
    buffer_add_slice(out, text);
}

/* Sorted by their names; no decoder takes an object of more members than this. */
enum { MEMBERS_MAX = 32 };

static bool sort_members(const struct tree *object, const struct tree *sorted[MEMBERS_MAX])
{
    size_t count = 0;
    if (object->count > MEMBERS_MAX) {
        return false;
    }
    for (const struct tree *child = object->children.first; child != NULL; child = child->next) {
        size_t at = count++;
        for (; at > 0 && slice_compare(child->name, sorted[at - 1]->name) < 0; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = child;
    }
    return true;
}

static void add_canonical(struct buffer *out, const struct tree *tree);

static void add_members(struct buffer *out, const struct tree *object)
{
    const struct tree *sorted[MEMBERS_MAX];
    if (!sort_members(object, sorted)) {
        out->failed = true;
        return;
    }
    buffer_add_u32(out, object->count);
    for (size_t i = 0; i < object->count; i++) {
        add_text(out, sorted[i]->name);
        add_canonical(out, sorted[i]);
    }
}

/* Kind, length or count, content: no two contents give the same bytes. */
static void add_canonical(struct buffer *out, const struct tree *tree)
{
    uint64_t bits = 0;
    buffer_add_byte(out, (uint8_t)tree->kind);
    switch (tree->kind) {
    case TREE_NULL:
    case TREE_FALSE:
    case TREE_TRUE:
        break;
    case TREE_INTEGER:
        buffer_add_u64(out, (uint64_t)tree->integer);
        break;
    case TREE_REAL:
        memcpy(&bits, &tree->real, sizeof(bits));
        buffer_add_u64(out, bits);
        break;
    case TREE_TEXT:
        add_text(out, tree->text);
        break;
    case TREE_LIST:
        buffer_add_u32(out, tree->count);
        for (const struct tree *child = tree->children.first; child != NULL; child = child->next) {
            add_canonical(out, child);
        }
        break;
    case TREE_OBJECT:
        add_members(out, tree);
        break;
    }
}

bool derive_content_mac(const struct blind_keys *keys, const struct tree *content, uint8_t mac[BLIND_SIZE])
{
    enum { CONTENT_MAX = 1 << 20, USUAL_MAX = 2048 };
    char usual[USUAL_MAX];
    struct buffer canonical;
    buffer_init_in(&canonical, usual, sizeof(usual), CONTENT_MAX);
    add_canonical(&canonical, content);
    bool whole = !canonical.failed;
    if (whole) {
        blind(keys, BLIND_CONTENT, buffer_slice(&canonical), mac);
    }
    buffer_release(&canonical);
    return whole;
}

void derive_phone_index(const struct blind_keys *keys, struct slice e164, uint8_t index[BLIND_SIZE])
{
    blind(keys, BLIND_PHONE, e164, index);
}

void derive_document_index(const struct blind_keys *keys, struct slice country, struct slice number,
                           uint8_t index[BLIND_SIZE])
{
    char text[256];
    size_t used = 0;
    struct slice parts[] = {country, SLICE(":"), number};
    for (size_t p = 0; p < 3; p++) {
        for (size_t i = 0; i < parts[p].length && used < sizeof(text); i++) {
            char c = parts[p].data[i];
            bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || p == 1;
            if (c >= 'a' && c <= 'z') {
                text[used++] = (char)(c - 'a' + 'A');
            } else if (kept) {
                text[used++] = c;
            }
        }
    }
    blind(keys, BLIND_DOCUMENT, slice_make(text, used), index);
}

bool derive_message_id(const struct blind_keys *keys, struct slice gateway, struct slice id, struct slice sender,
                       struct slice text, struct uuid *message_id)
{
    enum { MESSAGE_INPUT_MAX = 64 * 1024 };
    const struct slice parts[] = {gateway, id, sender, text};
    uint8_t value[BLIND_SIZE];
    struct buffer input;
    buffer_init(&input, MESSAGE_INPUT_MAX);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        buffer_add_u32(&input, (uint32_t)parts[i].length); /* so no two messages run together to the same input */
        buffer_add_slice(&input, parts[i]);
    }
    bool whole = !input.failed;
    if (whole) {
        blind(keys, BLIND_GATEWAY_MESSAGE, buffer_slice(&input), value);
        struct uuid derived = uuid_from_digest(value);
        struct uuid given;
        bool exercise = uuid_parse(id, &given) && exercise_is(&given);
        *message_id = exercise ? exercise_adopt(&given, &derived) : exercise_avoid(&derived);
    }
    buffer_release(&input);
    return whole;
}

bool derive_piece_set(const struct blind_keys *keys, const struct slice names[4], unsigned total,
                      const struct uuid *message, uint8_t set[BLIND_SIZE])
{
    enum { SET_INPUT_MAX = 64 * 1024 };
    struct buffer input;
    buffer_init(&input, SET_INPUT_MAX);
    for (size_t i = 0; i < 4; i++) {
        add_text(&input, names[i]);
    }
    buffer_add_u32(&input, total);
    if (exercise_is(message)) {
        buffer_add_u32(&input, exercise_drill(message)); /* what is only an exercise is never part of what is none */
    }
    bool whole = !input.failed;
    if (whole) {
        blind(keys, BLIND_PIECES, buffer_slice(&input), set);
    }
    buffer_release(&input);
    return whole;
}

bool derive_joined_id(const struct blind_keys *keys, const uint8_t set[BLIND_SIZE], int64_t first_us, struct slice text,
                      const struct uuid *piece, struct uuid *joined_id)
{
    enum { JOINED_INPUT_MAX = 64 * 1024 };
    uint8_t value[BLIND_SIZE];
    struct buffer input;
    buffer_init(&input, JOINED_INPUT_MAX);
    add_text(&input, slice_make(set, BLIND_SIZE));
    buffer_add_u64(&input, (uint64_t)first_us);
    add_text(&input, text);
    bool whole = !input.failed;
    if (whole) {
        blind(keys, BLIND_PIECES, buffer_slice(&input), value);
        struct uuid derived = uuid_from_digest(value);
        *joined_id = exercise_is(piece) ? exercise_adopt(piece, &derived) : exercise_avoid(&derived);
    }
    buffer_release(&input);
    return whole;
}

bool derive_equal(const uint8_t a[BLIND_SIZE], const uint8_t b[BLIND_SIZE])
{
    return CRYPTO_memcmp(a, b, BLIND_SIZE) == 0;
}
