# SPDX-License-Identifier: Apache-2.0
"""What the parts about connections share: nginx with the service's certificate, a small register, what the kernel counts of a process."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

os.environ.setdefault("MUSTER_TEST_BUILD", "build")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from harness import people  # noqa: E402 (after the path)
from harness.places import BUILD, ROOT  # noqa: E402
from harness.service import group_members  # noqa: E402
from harness.site import Site  # noqa: E402
from harness.waiting import free_ports, until  # noqa: E402

FOLDER = ROOT / "build" / "bench"
TICKS = os.sysconf("SC_CLK_TCK")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def setting(name, default):
    return int(os.environ.get(f"BENCH_{name}", default))


def quiet_site(settings=None):
    """A deployment as in production: two edges, no debug log."""
    merged = {"musterd": {"log_level": "info"}, "edge": {"workers": 2}}
    for section, keys in (settings or {}).items():
        merged.setdefault(section, {}).update(keys)
    return Site(merged).start()


def register_some(site, count):
    """Registers `count` people; a file of their case codes."""
    citizen = site.citizen()
    codes = []
    for _ in range(count):
        answer = citizen.register(people.registration())
        assert answer.status_code == 201, answer.text
        codes.append(answer.json()["case"])
    path = site.directory / "cases"
    path.write_text("\n".join(codes) + "\n")
    return path


def tool(name, *arguments, timeout=300):
    """Runs a C tool of the bench; the JSON it prints."""
    done = subprocess.run([FOLDER / name, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout, check=True)
    return json.loads(done.stdout)


def cpu_seconds(pids):
    """User and system time of processes so far, their ended threads included."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def cpu_of(pids, work):
    """What `work` returns, and the CPU seconds that the processes used meanwhile."""
    before = cpu_seconds(pids)
    result = work()
    return result, cpu_seconds(pids) - before


class Nginx:
    """One worker over TLS 1.3 with the service's certificate; every POST is answered with the same 201."""

    def __init__(self, site, body="", connections=1024):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muster-nginx-"))
        self.port = free_ports(1)[0]
        (self.directory / "nginx.conf").write_text(f"""
daemon off; master_process on; worker_processes 1; worker_rlimit_nofile {connections + 64}; pid {self.directory}/pid;
error_log {self.directory}/error.log warn;
events {{ worker_connections {connections}; multi_accept on; use epoll; }}
http {{
  access_log off; server_tokens off; tcp_nodelay on;
  keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path {self.directory}/body; proxy_temp_path {self.directory}/proxy; fastcgi_temp_path {self.directory}/fastcgi;
  uwsgi_temp_path {self.directory}/uwsgi; scgi_temp_path {self.directory}/scgi;
  server {{
    listen 127.0.0.1:{self.port} ssl backlog=4096;
    ssl_certificate {site.service.certificate}; ssl_certificate_key {site.service.private_key};
    ssl_protocols TLSv1.3; ssl_session_cache off; ssl_session_tickets on;
    default_type application/json;
    location / {{ return 201 '{body}'; }}
  }}
}}
""")
        self.process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", self.directory, "-c", self.directory / "nginx.conf",
                                         "-e", self.directory / "error.log"], stdin=subprocess.DEVNULL, start_new_session=True)
        until(lambda: len(self.workers()) == 1 or self.process.poll() is not None, "nginx's worker", 20)
        assert self.process.poll() is None, (self.directory / "error.log").read_text()

    def workers(self):
        return [pid for pid in group_members(self.process.pid) if pid != self.process.pid]

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.directory)


def at_most(claim, value, limit):
    return {"claim": claim, "value": round(value, 3), "at_most": limit, "met": value <= limit}


def at_least(claim, value, limit):
    return {"claim": claim, "value": round(value, 3), "at_least": limit, "met": value >= limit}


def row(label, value, unit):
    return {"label": label, "value": round(value, 3), "unit": unit}


def write(name, title, rows, ratios, notes):
    """The part's result, as a file and as a table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    result = {"name": name, "title": title, "rows": rows, "ratios": ratios, "notes": notes}
    (FOLDER / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"\n{title}")
    for entry in rows:
        print(f"  {entry['label']:<62}{entry['value']:>14,.2f} {entry['unit']}")
    for entry in ratios:
        limit = f"at most {entry['at_most']}" if "at_most" in entry else f"at least {entry['at_least']}"
        print(f"  {entry['claim']}: {entry['value']:.2f} ({limit}) {'met' if entry['met'] else 'NOT MET'}")
    for note in notes:
        print(f"  note: {note}")
