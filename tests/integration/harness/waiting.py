# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition with a stated limit, and ports nobody else has."""
import socket
import time


def until(condition, what, seconds=20.0, pause=0.02):
    """Calls `condition` until it returns something true, and returns that; fails the test after `seconds`. `what` may be a function that
    says at the end what is wrong."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:g} s still not: {what() if callable(what) else what}")
        time.sleep(pause)


def free_ports(count):
    """Ports of 127.0.0.1 that were free a moment ago, all different."""
    held = [socket.socket() for _ in range(count)]
    try:
        for listener in held:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()
