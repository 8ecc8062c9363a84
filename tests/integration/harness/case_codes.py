# SPDX-License-Identifier: Apache-2.0
"""Case codes, written a second time from their description: nine symbols of the number and one that makes the sum over GF(32),
with weights 1, x, x^2, ..., come to nothing."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _times(a, b):
    """In GF(2^5) with x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x25 if a & 16 else 0)
        b >>= 1
    return product


def _sum(values):
    total, weight = 0, 1
    for value in values:
        total ^= _times(value, weight)
        weight = _times(weight, 2)
    return total


def code(number):
    """As shown to people: K7M2Q-9QXD4."""
    values = [(number >> shift) & 31 for shift in range(40, -1, -5)]
    check = next(value for value in range(32) if _sum([*values, value]) == 0)
    symbols = "".join(ALPHABET[value] for value in [*values, check])
    return f"{symbols[:5]}-{symbols[5:]}"


def number(text):
    """Of a well-formed code."""
    values = [ALPHABET.index(symbol) for symbol in text.replace("-", "")]
    assert len(values) == 10 and _sum(values) == 0, text
    total = 0
    for value in values[:9]:
        total = total * 32 + value
    return total


def wrong_symbols(text):
    """Every code that differs from `text` in one symbol, and every one with two neighbours swapped."""
    plain = text.replace("-", "")
    for i, symbol in enumerate(plain):
        for other in ALPHABET:
            if other != symbol:
                yield plain[:i] + other + plain[i + 1:]
    for i in range(len(plain) - 1):
        if plain[i] != plain[i + 1]:
            yield plain[:i] + plain[i + 1] + plain[i] + plain[i + 2:]
