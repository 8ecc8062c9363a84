# SPDX-License-Identifier: Apache-2.0
"""A call that goes on failing, as on a full disk, a broken one, or a machine without descriptors; until it does not. Meanwhile nobody
is promised anything, and is told when to come back; afterwards all is as ever, with nobody's help. (Once each: test_sweep.py.)"""
import errno

import pytest

from failing import (ALWAYS, CHECK_INS, DISK, case, check_in, # noqa: F401 (site, sender and case are fixtures)
                     expect_stored_once, sender, site, with_edge_away)

PLAN, AWAY, ONCE = 0, 1, 2 # with_edge_away has the second
JOURNAL = [("fdatasync", errno.EIO), ("fsync", errno.EIO), ("write", errno.ENOSPC), ("write", errno.EDQUOT), ("openat", errno.EMFILE),
           ("openat", errno.ENFILE), ("renameat2", errno.ENOSPC)]


def _name(value):
    return value if isinstance(value, str) else errno.errorcode[value]


@pytest.mark.parametrize(("call", "error"), JOURNAL, ids=_name)
def test_the_journal_cannot_be_written(site, sender, case, call, error):
    """PostgreSQL is away, the segment in hand was given up, and no other can be made or written."""
    with_edge_away(site, sender, case)
    held = set(site.journal("*.journal"))
    edge = site.pid("edge")
    site.failing.arm(edge, DISK, only=call, first=1, many=ALWAYS, error=error, plan=PLAN)
    site.failing.arm(edge, only="fdatasync", first=1, plan=ONCE)
    sent = [check_in(case) for _ in range(4)]
    for body in sent:
        status, headers, text = sender.insist(CHECK_INS, body, (503,))
        assert int(headers["Retry-After"]) > 0, text
    assert site.failing.disarm(PLAN).failed > 0
    site.failing.disarm(ONCE)
    for body in sent:
        sender.insist(CHECK_INS, body, (202,))
    assert set(site.journal("*.journal")) - held, "what failed once is never written again: it is another segment"
    assert site.pid("edge") == edge
    site.failing.disarm(AWAY)
    expect_stored_once(site, [body["client_id"] for body in sent])


@pytest.mark.parametrize("error", [errno.EMFILE, errno.ENFILE], ids=_name)
def test_nobody_can_be_accepted(site, sender, case, error):
    edge = site.pid("edge")
    site.failing.arm(edge, only="accept4", first=1, many=ALWAYS, error=error)
    body = check_in(case)
    assert sender.post(CHECK_INS, body, timeout=1) is None
    assert site.failing.disarm().failed > 0
    sender.insist(CHECK_INS, body, (201,))
    assert site.pid("edge") == edge
    expect_stored_once(site, [body["client_id"]])
