/* SPDX-License-Identifier: Apache-2.0
 * Numeric "host:port" and keys for counting. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/slice.h"

enum { HOST_TEXT_MAX = 64 };

/* Cuts "[::1]:8443" into "::1" and "8443". */
static bool split(struct slice text, struct slice *host, struct slice *port)
{
    if (text.length > 0 && text.data[0] == '[') {
        size_t end = slice_index(text, ']');
        *host = slice_sub(text, 1, end);
        *port = slice_sub(text, end + 2, text.length);
        return end + 1 < text.length && text.data[end + 1] == ':';
    }
    size_t colon = slice_index(text, ':');
    *host = slice_sub(text, 0, colon);
    *port = slice_sub(text, colon + 1, text.length);
    return colon < text.length;
}

bool address_parse(const char *text, struct address *address, struct error *error)
{
    struct slice host = {NULL, 0};
    struct slice port_text = {NULL, 0};
    uint64_t port = 0;
    char name[HOST_TEXT_MAX] = "::";
    if (!split(slice_of(text), &host, &port_text) || !slice_to_u64(port_text, UINT16_MAX, &port) ||
        host.length >= sizeof(name)) {
        return error_set(error, ERROR_INVALID, "address.parse", "\"%s\" is not host:port, such as 127.0.0.1:8443",
                         text);
    }
    if (host.length > 0) {
        memcpy(name, host.data, host.length);
        name[host.length] = '\0';
    }
    *address = (struct address){.length = 0};
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)&address->storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&address->storage;
    if (inet_pton(AF_INET, name, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        address->length = sizeof(*four);
    } else if (inet_pton(AF_INET6, name, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        address->length = sizeof(*six);
    } else {
        return error_set(error, ERROR_INVALID, "address.parse", "\"%s\" is not a numeric IPv4 or [IPv6] address", name);
    }
    return true;
}

unsigned address_port(const struct sockaddr_storage *storage)
{
    if (storage->ss_family == AF_INET) {
        return ntohs(((const struct sockaddr_in *)(const void *)storage)->sin_port);
    }
    return storage->ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)(const void *)storage)->sin6_port) : 0;
}

struct address_key address_key_of(const struct sockaddr_storage *storage)
{
    struct address_key key = {{0}};
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)storage;
    if (storage->ss_family == AF_INET) {
        key.bytes[10] = key.bytes[11] = 0xff;
        memcpy(key.bytes + 12, &((const struct sockaddr_in *)(const void *)storage)->sin_addr, 4);
    } else if (storage->ss_family == AF_INET6) {
        size_t counted = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) ? ADDRESS_KEY_SIZE : ADDRESS_KEY_SIZE / 2;
        memcpy(key.bytes, &six->sin6_addr, counted);
    }
    return key;
}
