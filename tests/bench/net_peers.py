# SPDX-License-Identifier: Apache-2.0
"""The servers that Muster's connections are measured beside, each with the service's own certificate."""
import pathlib
import shutil
import socket
import subprocess
import tempfile

import bench_site  # noqa: F401 (it puts the harness on the path)
from harness.service import group_members
from harness.waiting import free_ports, until


class Nginx:
    """Workers (one, unless told) over TLS 1.3; every request is answered with the same status and body. Buffers are nginx's defaults."""

    def __init__(self, site, body="", connections=1024, status=201, workers=1):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muster-nginx-"))
        self.port = free_ports(1)[0]
        (self.directory / "nginx.conf").write_text(f"""
daemon off; master_process on; worker_processes {workers}; worker_rlimit_nofile {connections + 64}; pid {self.directory}/pid;
error_log {self.directory}/error.log warn;
events {{ worker_connections {connections}; multi_accept on; use epoll; }}
http {{
  access_log off; server_tokens off; tcp_nodelay on;
  keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path {self.directory}/body; proxy_temp_path {self.directory}/proxy; fastcgi_temp_path {self.directory}/fastcgi;
  uwsgi_temp_path {self.directory}/uwsgi; scgi_temp_path {self.directory}/scgi;
  server {{
    listen 127.0.0.1:{self.port} ssl backlog=4096 reuseport;
    ssl_certificate {site.service.certificate}; ssl_certificate_key {site.service.private_key};
    ssl_protocols TLSv1.3; ssl_session_cache off; ssl_session_tickets on;
    default_type application/json;
    location / {{ return {status} '{body}'; }}
  }}
}}
""")
        self.process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", self.directory, "-c", self.directory / "nginx.conf",
                                         "-e", self.directory / "error.log"], stdin=subprocess.DEVNULL, start_new_session=True)
        until(lambda: len(self.workers()) == workers or self.process.poll() is not None, "nginx's workers", 20)
        assert self.process.poll() is None, (self.directory / "error.log").read_text()

    def workers(self):
        return [pid for pid in group_members(self.process.pid) if pid != self.process.pid]

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.directory)


class OpensslServer:
    """`openssl s_server`, which serves one connection after the other, in the mode that costs it least (not -www): nothing printed, one
    ticket. Its standard input stays open, for it ends a connection when that ends."""

    def __init__(self, site, core):
        self.port = free_ports(1)[0]
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", str(core), "openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", site.service.certificate,
             "-key", site.service.private_key, "-tls1_3", "-num_tickets", "1", "-no_cache", "-quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._accepts, "openssl s_server", 20)

    def _accepts(self):
        assert self.process.poll() is None, "openssl s_server ended"
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        self.process.terminate()
        self.process.wait(20)
