# SPDX-License-Identifier: Apache-2.0
"""RFC 6238 as an app on a phone computes it: another implementation than the service's."""
import base64
import hashlib
import hmac
import struct
import time

STEP = 30


def code(secret, steps=0):
    """The code of now, or of so many steps later."""
    counter = struct.pack(">Q", int(time.time()) // STEP + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1_000_000:06d}"
