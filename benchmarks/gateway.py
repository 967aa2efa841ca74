"""The way through the gateway, against nginx doing the proxying, and against no proxy at all.

python -m benchmarks gateway
"""

from __future__ import annotations

import getpass
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._load import Figures, drive, request
from benchmarks._processes import await_healthy, free_ports
from benchmarks._shop import Shop

SERVICES = {"auth": 1, "products": 1, "users": 1, "gateway": 1}
ROUNDS, SECONDS, CONNECTIONS = 7, 1.0, 4
AIM = 2.0  # times the requests that a direct call does: half as many is 2
NGINX = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    upstream service {{ server 127.0.0.1:{upstream}; keepalive 32; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


def run() -> list[dict]:
    """Rows for a public page (throughput, latency) and for one that asks who you are."""
    with Shop(SERVICES) as shop:
        anybody = request("GET", "/products/MUG")
        alice = request("GET", "/users/me", {"Authorization": f"Bearer {shop.token()}"})
        return [
            *_rows(shop, "products", "GET /products/MUG", anybody),
            *_rows(shop, "users", "GET /users/me", alice),
        ]


def _rows(shop: Shop, upstream: str, what: str, content: bytes) -> list[dict]:
    with nginx(shop.port(upstream)) as port:
        ways = {"gateway": shop.port("gateway"), "direct": shop.port(upstream), "nginx": port}
        figures, spent = {way: [] for way in ways}, {"gateway": [], upstream: []}
        for way in ways.values():
            drive(way, content, SECONDS, CONNECTIONS)  # warm
        for _ in range(ROUNDS):
            for name, way in ways.items():
                before = shop.processor()
                busy = drive(way, content, SECONDS, CONNECTIONS)
                if name == "gateway":
                    after = shop.processor()
                    for each, taken in spent.items():
                        taken.append((after[each] - before[each]) / busy.count)
                calm = drive(way, content, SECONDS / 4, 1)
                figures[name].append((busy, calm))
    ours, direct, proxied = (_medians(figures[name]) for name in ("gateway", "direct", "nginx"))
    return [
        _throughput(f"{what}, gateway for direct", ours, direct, AIM),
        _throughput(f"{what}, gateway for nginx", ours, proxied, None),
        _processor(f"  processor a request, gateway for {upstream}", *spent.values()),
        *_latency(f"{what}, gateway for direct", ours, direct),
        *_latency(f"{what}, gateway for nginx", ours, proxied),
    ]


def _medians(rounds: list[tuple[Figures, Figures]]) -> tuple[float, float, float]:
    """Requests a second under load; median and 95th percentile of one alone, in seconds."""
    columns = [(busy.rate, calm.p50, calm.p95) for busy, calm in rounds]
    rate, p50, p95 = (statistics.median(column) for column in zip(*columns, strict=True))
    return rate, p50, p95


def _throughput(what: str, ours: tuple, rival: tuple, aim: float | None) -> dict:
    return {
        "what": what,
        "ours": f"{ours[0]:.0f}/s",
        "rival": f"{rival[0]:.0f}/s",
        "ratio": rival[0] / ours[0],
        "aim": aim,
    }


def _processor(what: str, gateway: list[float], service: list[float]) -> dict:
    """What a request costs where it passes through, and where it is answered."""
    ours, rival = statistics.median(gateway), statistics.median(service)
    return {
        "what": what,
        "ours": f"{ours * 1e6:.0f} µs",
        "rival": f"{rival * 1e6:.0f} µs",
        "ratio": ours / rival,
        "aim": None,
    }


def _latency(what: str, ours: tuple, rival: tuple) -> Iterator[dict]:
    for position, name in enumerate(("p50", "p95"), 1):
        yield {
            "what": f"  {name} alone, {what}",
            "ours": f"{ours[position] * 1000:.2f} ms",
            "rival": f"{rival[position] * 1000:.2f} ms",
            "ratio": ours[position] / rival[position],
            "aim": None,
        }


@contextmanager
def nginx(upstream: int) -> Iterator[int]:
    """The port of an nginx of our own that proxies to `upstream` on keep-alive connections."""
    program = shutil.which(
        "nginx", path=f"{sys.exec_prefix}/bin:/usr/sbin:/usr/bin:/opt/homebrew/bin"
    )
    if program is None:
        raise RuntimeError("nginx is missing: install Debian's nginx-light")
    with tempfile.TemporaryDirectory(prefix="workbook-") as name:
        folder, [port] = Path(name), free_ports(1)
        settings = {"folder": folder, "user": getpass.getuser(), "upstream": upstream, "port": port}
        (folder / "nginx.conf").write_text(NGINX.format(**settings))
        command = [program, "-p", name, "-c", str(folder / "nginx.conf"), "-e", "error.log"]
        server = subprocess.Popen(command)
        try:
            await_healthy([port])
            yield port
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    from benchmarks.__main__ import main

    sys.exit(main(["gateway"]))
