# SPDX-License-Identifier: Apache-2.0
"""Where things are: the repository, the binaries under test, and who runs what must not be root."""
import os
import pathlib
import pwd
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / os.environ.get("MUSTER_TEST_BUILD", "build/asan")
SERVICE_USER = "muster"


def service_account():
    """The unprivileged account that PostgreSQL and musterd's roles run as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell",
                        "/usr/sbin/nologin", SERVICE_USER], check=True)
        return pwd.getpwnam(SERVICE_USER)


def own(path):
    """Gives a file or folder to the service's account."""
    account = service_account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def as_service():
    """Arguments for subprocess that run the program as the service's account."""
    account = service_account()
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
