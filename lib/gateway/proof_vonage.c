/* SPDX-License-Identifier: Apache-2.0
 * sig: HMAC(signature secret, "&name=value" of every other field in the order of their names, with "_" for "&" and "=" in values), in
 * hexadecimal. Source: https://developer.vonage.com/en/getting-started/concepts/signing-messages. Of its methods SHA-256 and SHA-512 are
 * taken, told by the signature's length; "MD5 hash", its default, MD5 and SHA-1 are not: the account's method has to be set. */
#include "core/buffer.h"
#include "gateway/proof_scheme.h"

enum { SIGNED_MAX = 256 * 1024, SHA512_HEX = 128 };
/* It sends again for a day what was not answered, and does not say that it signs anew. */
enum { VONAGE_WINDOW_SECONDS = 25 * 3600 };

/* The members of a flat object, as a form would have brought them. */
static bool as_form(const struct tree *json, struct form *form, struct arena *arena)
{
    form->pairs = arena_array(arena, json->count + 1, sizeof(*form->pairs));
    if (form->pairs == NULL) {
        return false;
    }
    for (const struct tree *at = json->children.first; at != NULL; at = at->next) {
        form->pairs[form->count++] = (struct form_pair){at->name, gateway_field_text(at, arena)};
    }
    return true;
}

/* Values are freed of what parts them from each other, names are not: one that has it would hide its neighbour. */
static bool is_plain_name(struct slice name)
{
    return slice_index(name, '&') == name.length && slice_index(name, '=') == name.length;
}

static void add_value(struct buffer *text, struct slice value)
{
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        buffer_add_byte(text, (uint8_t)(c == '&' || c == '=' ? '_' : c));
    }
}

bool proof_vonage(const struct gateway_evidence *evidence, struct arena *arena)
{
    const struct gateway_fields *fields = evidence->fields;
    struct form json = {.count = 0};
    const struct form *const forms[] = {&fields->query, &fields->form, &json};
    struct slice sig = gateway_field(fields, fields->json, "sig", arena);
    size_t count = 0;
    struct buffer text;
    struct mac mac;
    if (fields->json != NULL && (fields->json->kind != TREE_OBJECT || !as_form(fields->json, &json, arena))) {
        return false;
    }
    struct form_pair *pairs = proof_sorted(forms, sizeof(forms) / sizeof(forms[0]), arena, &count);
    if (pairs == NULL || !proof_is_recent(gateway_field(fields, fields->json, "timestamp", arena), evidence->now_us,
                                          VONAGE_WINDOW_SECONDS)) {
        return false;
    }
    buffer_init(&text, SIGNED_MAX);
    for (size_t i = 0; i < count; i++) {
        text.failed = text.failed || !is_plain_name(pairs[i].name);
        if (!slice_equal(pairs[i].name, SLICE("sig"))) {
            buffer_add_byte(&text, '&');
            buffer_add_slice(&text, pairs[i].name);
            buffer_add_byte(&text, '=');
            add_value(&text, pairs[i].value);
        }
    }
    bool holds =
        !text.failed &&
        mac_make(sig.length == SHA512_HEX ? MAC_SHA512 : MAC_SHA256, evidence->key, buffer_slice(&text), &mac) &&
        mac_is_hex(&mac, sig);
    buffer_release(&text);
    return holds;
}
