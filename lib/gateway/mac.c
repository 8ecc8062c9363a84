/* SPDX-License-Identifier: Apache-2.0
 * HMAC, hashes and their texts. */
#include "gateway/mac.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

static const EVP_MD *md_of(enum mac_hash hash)
{
    switch (hash) {
    case MAC_SHA1:
        return EVP_sha1();
    case MAC_SHA256:
        return EVP_sha256();
    case MAC_SHA512:
        return EVP_sha512();
    }
    return NULL;
}

bool mac_make(enum mac_hash hash, struct slice key, struct slice data, struct mac *mac)
{
    unsigned length = 0;
    mac->length = 0;
    if (key.length == 0 || key.length > INT_MAX ||
        HMAC(md_of(hash), key.data, (int)key.length, (const unsigned char *)data.data, data.length, mac->bytes,
             &length) == NULL) {
        return false;
    }
    mac->length = length;
    return true;
}

bool mac_digest(enum mac_hash hash, struct slice data, struct mac *mac)
{
    unsigned length = 0;
    mac->length = 0;
    if (EVP_Digest(data.data, data.length, mac->bytes, &length, md_of(hash), NULL) != 1) {
        return false;
    }
    mac->length = length;
    return true;
}

bool mac_equal(struct slice a, struct slice b)
{
    return a.length > 0 && a.length == b.length && CRYPTO_memcmp(a.data, b.data, a.length) == 0;
}

bool mac_is_hex(const struct mac *mac, struct slice text)
{
    static const char lower[] = "0123456789abcdef";
    char own[2 * MAC_SIZE_MAX];
    char given[2 * MAC_SIZE_MAX];
    if (text.length != 2 * mac->length) {
        return false;
    }
    for (size_t i = 0; i < mac->length; i++) {
        own[2 * i] = lower[mac->bytes[i] >> 4];
        own[2 * i + 1] = lower[mac->bytes[i] & 0x0f];
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        given[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    }
    return mac_equal(slice_make(own, 2 * mac->length), slice_make(given, text.length));
}

static struct slice base64(const struct mac *mac, char text[MAC_BASE64_MAX])
{
    int length = EVP_EncodeBlock((unsigned char *)text, mac->bytes, (int)mac->length);
    return slice_make(text, length > 0 ? (size_t)length : 0);
}

bool mac_is_base64(const struct mac *mac, struct slice text)
{
    char own[MAC_BASE64_MAX];
    return mac_equal(base64(mac, own), text);
}

bool mac_is_base64url(const struct mac *mac, struct slice text)
{
    char own[MAC_BASE64_MAX];
    struct slice padded = base64(mac, own);
    size_t length = slice_index(padded, '=');
    for (size_t i = 0; i < length; i++) {
        own[i] = own[i] == '+' ? '-' : own[i] == '/' ? '_' : own[i];
    }
    return mac_equal(slice_make(own, length), text);
}
