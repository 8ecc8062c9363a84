# SPDX-License-Identifier: Apache-2.0
"""Requests that RFC 9110 and 9112 say to refuse, sent over TLS as they are: a 400-class answer and a closed connection."""
import pytest

from harness.raw import RawConnection
from malformed_requests import REQUESTS


@pytest.mark.parametrize(("name", "data", "statuses"), REQUESTS, ids=[row[0] for row in REQUESTS])
def test_refused_and_closed(site, name, data, statuses):
    with RawConnection(site.service.public_port, site.service.certificate) as connection:
        connection.send(data)
        answer = connection.answer()
        assert answer is None or answer.status in statuses, f"{name}: {answer.status} {answer.body[:200]}"
        assert connection.is_closed(), f"{name}: answered, and still open"


@pytest.mark.parametrize(("name", "data", "statuses"), REQUESTS[:8], ids=[row[0] for row in REQUESTS[:8]])
def test_nothing_behind_it_is_answered(site, name, data, statuses):
    """A second request smuggled behind a refused one gets no answer."""
    with RawConnection(site.service.public_port, site.service.certificate) as connection:
        connection.send(data + b"GET /api/v1/crises HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = connection.answer()
        assert answer is None or answer.status in statuses, name
        assert connection.is_closed(), name
