# SPDX-License-Identifier: Apache-2.0
"""A mounted disk whose power can be cut (cutfs.c): cut, and what survived."""
import collections
import glob
import os
import pathlib
import subprocess

from harness.places import BUILD

Losses = collections.namedtuple("Losses", "writes writes_lost names names_lost") # not synced at the cut, and of that not there

CANNOT_MOUNT = ("the simulated power cut needs FUSE: install the packages (cmd/dev/packages.sh test) and give this machine or container "
                "/dev/fuse and the right to mount (docker run --device /dev/fuse --cap-add SYS_ADMIN)")


class CutDisk:
    """Mounted at `folder` from the start until `close`, after whatever happened."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self._process = subprocess.Popen([BUILD / "fault" / "cutfs", self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True, bufsize=1)
        if self._process.stdout.readline() != "on\n":
            self.close()
            raise AssertionError(CANNOT_MOUNT)

    def sync(self):
        """As sync(1): everything there is becomes durable."""
        assert self._ask("sync") == "synced"

    def cut(self):
        """The power goes now, if it has not gone yet."""
        assert self._ask("cut") == "off"

    def cut_after(self, changes):
        """The power goes by itself, just before that many more changes and syncs are through."""
        assert self._ask(f"after {changes}") == "armed"

    def leave_room(self, size):
        """For so many bytes beyond what is there; then writes are cut short, and fail."""
        assert self._ask(f"room {size}") == "room"

    def is_off(self):
        return self._ask("state") == "off"

    def come_back(self, seed):
        """The survivors, chosen by `seed`. Whoever used the disk must be dead."""
        word, *counts = self._ask(f"on {seed}").split()
        assert word == "on"
        return Losses(*map(int, counts))

    def close(self):
        """Leaves no mount behind, even when the file system died."""
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        if _is_mounted(self.folder):
            unmount = ["umount", "-l"] if os.geteuid() == 0 else ["fusermount3", "-u", "-z"]
            subprocess.run([*unmount, self.folder], check=True)
        self.folder.rmdir()

    def _ask(self, command):
        self._process.stdin.write(command + "\n")
        answer = self._process.stdout.readline()
        assert answer, f"cutfs ended at {command!r}"
        return answer.strip()


def without_syncs():
    """Environment that makes fsync and its like do nothing (eatmydata), for the negative control."""
    found = sorted(glob.glob("/usr/lib/*/libeatmydata.so*"))
    assert found, "eatmydata is not installed: run cmd/dev/packages.sh test"
    return {"LD_PRELOAD": found[0]}


def _is_mounted(folder):
    mounts = pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return any(line.split()[1] == str(folder) for line in mounts)
