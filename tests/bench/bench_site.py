# SPDX-License-Identifier: Apache-2.0
"""What the parts of the bench share: a deployment tuned as docs/operating.md says, people in it, what the kernel counts of a process, and a
part's result as a file and as a table."""
import atexit
import json
import os
import pathlib
import resource
import subprocess
import sys

os.environ.setdefault("MUSTER_TEST_BUILD", "build")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from harness import people  # noqa: E402 (the path has to be there first)
from harness.places import BUILD, ROOT  # noqa: E402
from harness.site import Site  # noqa: E402

FOLDER = BUILD / "bench"
TICK = os.sysconf("SC_CLK_TCK")
# fsync and synchronous_commit stand explicitly: nothing here is measured without them.
POSTGRESQL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "3GB", "max_wal_size": "16GB",
              "checkpoint_timeout": "15min", "wal_buffers": "64MB", "autovacuum_vacuum_cost_delay": "20ms"}
HUGE_PAGES_FILE = pathlib.Path("/proc/sys/vm/nr_hugepages")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def setting(name, default):
    """A number from the environment: BENCH_NAME."""
    return int(os.environ.get(f"BENCH_{name}", default))


HUGE_PAGES = setting("HUGE_PAGES", 1700) # of 2 MiB: shared_buffers and what PostgreSQL has beside them; 0: without, where others would take them


# --- a deployment ----------------------------------------------------------------------------------------------------------

def bench_site(settings=None, postgresql=None):
    """A deployment with PostgreSQL tuned, not started."""
    return Site(quiet(settings), {**POSTGRESQL, "huge_pages": "on" if reserve_huge_pages() else "off", **(postgresql or {})})


def reserve_huge_pages():
    """Until this process ends, as far as the kernel has them and lets us; else False, and nothing is changed."""
    if HUGE_PAGES == 0:
        return False
    try:
        before = HUGE_PAGES_FILE.read_text()
        HUGE_PAGES_FILE.write_text(str(max(HUGE_PAGES, int(before))))
        atexit.register(HUGE_PAGES_FILE.write_text, before)
        return int(HUGE_PAGES_FILE.read_text()) >= HUGE_PAGES
    except OSError:
        return False


def quiet_site(settings=None):
    """One for what PostgreSQL has little part in, started: two edges, PostgreSQL as the tests have it."""
    return Site(quiet(settings)).start()


def quiet(settings):
    """As in production: no debug log."""
    merged = {"musterd": {"log_level": "info"}, "edge": {"workers": 2}}
    for section, keys in (settings or {}).items():
        merged.setdefault(section, {}).update(keys)
    return merged


def fill_register(site, parties):
    say(f"a register of {parties:,} parties")
    run_sql(site, ROOT / "tests/bench/register.sql", parties=parties)
    statement(site, "VACUUM (ANALYZE)")
    statement(site, "CHECKPOINT", superuser=True)


def register_some(site, count):
    """Registers `count` people over HTTPS; a file of their case codes."""
    citizen = site.citizen()
    codes = []
    for _ in range(count):
        answer = citizen.register(people.registration())
        assert answer.status_code == 201, answer.text
        codes.append(answer.json()["case"])
    path = site.directory / "cases"
    path.write_text("\n".join(codes) + "\n")
    return path


def run_sql(site, path, superuser=False, **variables):
    given = [argument for name, value in variables.items() for argument in ("-v", f"{name}={value}")]
    url = site.cluster.url("postgres", site.cluster.superuser_password) if superuser else site.cluster.url()
    done = subprocess.run([site.cluster.binaries / "psql", "-qX", *given, "-f", path, url], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=1800, check=False)
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


# --- programs and processes ------------------------------------------------------------------------------------------------

def raise_descriptors():
    """As many descriptors as may be had, for what is started from here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def tool(name, *arguments, timeout=600, core=None):
    """The JSON line that a program of tests/bench prints; on one core when that is given."""
    pinned = ["taskset", "--cpu-list", str(core)] if core is not None else []
    done = subprocess.run([*pinned, FOLDER / name, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout,
                          check=False)
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stdout.decode(errors='replace')}"
    return json.loads(done.stdout)


def cpu_seconds(pids):
    """User and system time of processes so far, their ended threads included."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def postgres_cpu_seconds(site):
    """Of all of PostgreSQL, processes that have ended (sessions, autovacuum workers) included: the postmaster has waited for them."""
    postmaster, *others = postgres(site)
    total = 0
    for pid in [postmaster, *others]:
        try:
            total += cpu_seconds([pid])
        except (FileNotFoundError, ProcessLookupError):
            continue # it ended just now, and is among the waited-for of the postmaster, read last
    fields = pathlib.Path(f"/proc/{postmaster}/stat").read_text().rsplit(")", 1)[1].split()
    return total + (int(fields[13]) + int(fields[14])) / TICK


def cpu_of(pids, work):
    """What `work` returns, and the CPU seconds that the processes used meanwhile."""
    before = cpu_seconds(pids)
    result = work()
    return result, cpu_seconds(pids) - before


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


# --- the result ------------------------------------------------------------------------------------------------------------

def row(label, value, unit):
    return {"label": label, "value": round(value, 3), "unit": unit}


def ratio_at_least(claim, value, bound):
    return {"claim": claim, "value": round(value, 3), "at_least": bound, "met": value >= bound}


def ratio_at_most(claim, value, bound):
    return {"claim": claim, "value": round(value, 3), "at_most": bound, "met": value <= bound}


def write_part(name, part):
    """Writes build/bench/NAME.json and prints it as a table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({"name": name, **part}, indent=2) + "\n")
    print(f"\n{part['title']}")
    for line in part["rows"]:
        value = f"{line['value']:,.2f}" if isinstance(line["value"], float) else f"{line['value']:,}"
        print(f"  {line['label']:<70}{value:>14} {line['unit']}")
    for ratio in part["ratios"]:
        bound = f"at least {ratio['at_least']}" if "at_least" in ratio else f"at most {ratio['at_most']}"
        print(f"  {'met' if ratio['met'] else 'NOT MET':<8}{ratio['claim']}: {ratio['value']:.2f} ({bound})")
    for note in part.get("notes", []):
        print(f"  note: {note}")
