# SPDX-License-Identifier: Apache-2.0
"""What the parts of the bench share: a deployment tuned as docs/operating.md says, the register filled, CPU time read from the kernel."""
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("MUSTER_TEST_BUILD", "build")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from harness.places import BUILD, ROOT  # noqa: E402 (the path has to be there first)
from harness.site import Site  # noqa: E402

FOLDER = BUILD / "bench"
TICK = os.sysconf("SC_CLK_TCK")
# fsync and synchronous_commit stand explicitly: nothing here is measured without them.
POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "3GB", "max_wal_size": "16GB",
              "checkpoint_timeout": "15min", "wal_buffers": "64MB", "huge_pages": "off"}


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def bench_site(settings=None, postgresql=None):
    quiet = {"musterd": {"log_level": "info"}}
    for section, keys in (settings or {}).items():
        quiet.setdefault(section, {}).update(keys)
    return Site(quiet, {**POSTGRESQL, **(postgresql or {})})


def fill_register(site, parties):
    say(f"a register of {parties:,} parties")
    run_sql(site, ROOT / "tests/bench/register.sql", parties=parties)
    statement(site, "VACUUM (ANALYZE)")
    statement(site, "CHECKPOINT", superuser=True)


def run_sql(site, path, **variables):
    given = [argument for name, value in variables.items() for argument in ("-v", f"{name}={value}")]
    done = subprocess.run([site.cluster.binaries / "psql", "-qX", *given, "-f", path, site.cluster.url()], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr


def statement(site, text, superuser=False):
    """One statement outside a transaction."""
    connection = site.cluster.connect("postgres", site.cluster.superuser_password) if superuser else site.cluster.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(text)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def tool(name, *arguments, timeout=600):
    """The JSON line that a program of tests/bench prints."""
    done = subprocess.run([FOLDER / name, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout, check=False)
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stdout.decode(errors='replace')}"
    return json.loads(done.stdout)


def cpu_seconds(pids):
    """User and system time of processes, in seconds."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def children(parent):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def postgres(site):
    postmaster = int((site.cluster.data / "postmaster.pid").read_text().split()[0])
    return [postmaster, *children(postmaster)]


def roles(site):
    return children(site.service.process.pid)


def edges(site):
    return site.service.roles("edge")


def write_part(name, part):
    """Writes build/bench/NAME.json and prints it as a table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({"name": name, **part}, indent=2) + "\n")
    print(f"\n{part['title']}")
    for row in part["rows"]:
        value = f"{row['value']:,.2f}" if isinstance(row["value"], float) else f"{row['value']:,}"
        print(f"  {row['label']:<70}{value:>14} {row['unit']}")
    for ratio in part["ratios"]:
        bound = f"at least {ratio['at_least']}" if "at_least" in ratio else f"at most {ratio['at_most']}"
        print(f"  {'met' if ratio['met'] else 'NOT MET':<8}{ratio['claim']}: {ratio['value']:.2f} ({bound})")
    for note in part.get("notes", []):
        print(f"  note: {note}")


def ratio_at_least(claim, value, bound):
    return {"claim": claim, "value": round(value, 3), "at_least": bound, "met": value >= bound}


def ratio_at_most(claim, value, bound):
    return {"claim": claim, "value": round(value, 3), "at_most": bound, "met": value <= bound}
