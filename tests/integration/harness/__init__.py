# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL, a running musterd and its clients, for tests that look at the service from outside."""
