"""Memory of a whole session: JupyterLab, its kernel showing the map, the broker, all services.

python -m benchmarks memory
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import BlockingKernelClient

from benchmarks._processes import PATIENCE, ROOT, environment, free_ports, pss, tree

AIM = 450.0  # MB
SESSION = """
    import json, os
    import psutil
    from workbook import Shop
    shop = Shop.start()
    shop.sign_in("alice")
    for _ in range(5):
        shop.post("/orders", {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"})
    display(shop.map())
    node = getattr(shop.broker, "node", None)
    me = psutil.Process()
    helper = next(child for child in me.children() if "zygote" in " ".join(child.cmdline()))
    print("PIDS", json.dumps({
        "kernel": [me.pid],
        "broker": [node.pid] if node else [],
        "services": [helper.pid, *(child.pid for child in helper.children(recursive=True))],
    }))
"""


def run() -> list[dict]:
    """One row for the whole, then its parts."""
    with tempfile.TemporaryDirectory() as folder, _lab(Path(folder)) as lab:
        pids = {"JupyterLab": [lab.pid], **lab.open_shop()}
        parts = {name: pss(found) for name, found in pids.items()}
        total = sum(parts.values())
    return [
        {
            "what": "memory of a whole session, PSS (the aim)",
            "ours": f"{total:.0f} MB",
            "rival": f"{AIM:.0f} MB",
            "ratio": total / AIM,
            "aim": 1.0,
        },
        *(
            {"what": f"  of which {name}", "ours": f"{part:.0f} MB", "rival": "", "ratio": None}
            | {"aim": None}
            for name, part in parts.items()
        ),
    ]


class Lab:
    """A running JupyterLab, driven through its own REST interface."""

    def __init__(self, process: subprocess.Popen, url: str, token: str, runtime: Path):
        self.pid = process.pid
        self._process, self._url, self._token, self._runtime = process, url, token, runtime

    def call(self, method: str, path: str) -> dict:
        headers = {"Authorization": f"token {self._token}"}
        request = urllib.request.Request(f"{self._url}{path}", method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=PATIENCE) as response:
            body = response.read()
        return json.loads(body) if body else {}

    def await_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.call("GET", "/api/status")
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)

    def open_shop(self) -> dict[str, list[int]]:
        """Open a kernel and a whole shop in it; return the processes of each part."""
        identity = self.call("POST", "/api/kernels")["id"]
        client = BlockingKernelClient()
        client.load_connection_file(str(self._runtime / f"kernel-{identity}.json"))
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            return _run_session(client)
        finally:
            client.stop_channels()


def _run_session(client: BlockingKernelClient) -> dict[str, list[int]]:
    said: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        said.append(content.get("text") or "\n".join(content.get("traceback", [])))

    client.execute_interactive(textwrap.dedent(SESSION), timeout=2 * PATIENCE, output_hook=hear)
    lines = "".join(said).splitlines()
    found = next((line for line in lines if line.startswith("PIDS")), None)
    if found is None:
        raise RuntimeError("\n".join(lines))
    return json.loads(found.removeprefix("PIDS"))


@contextmanager
def _lab(folder: Path):
    token, [port] = secrets.token_hex(16), free_ports(1)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = {"IdentityProvider.token": token, "ServerApp.port": port, "LabApp.news_url": "None"}
    process = subprocess.Popen(
        [*command, *(f"--{name}={value}" for name, value in options.items())],
        env=environment() | {"JUPYTER_RUNTIME_DIR": str(folder), "JUPYTER_TOKEN": token},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    lab = Lab(process, f"http://127.0.0.1:{port}", token, folder)
    try:
        lab.await_ready()
        yield lab
    finally:
        for pid in reversed(tree(process.pid)[:1]):
            subprocess.run(["kill", "-TERM", str(pid)], check=False)
        process.wait(PATIENCE)
