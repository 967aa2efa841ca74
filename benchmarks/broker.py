"""Cold start of a broker with its management pages: our private node against RabbitMQ's script.

python -m benchmarks broker
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._processes import free_ports
from workbook.broker import PrivateBroker
from workbook.broker.installation import find_installation
from workbook.broker.node import answers_amqp

AIM = 0.6
ROUNDS = 5
PATIENCE = 120.0


def run() -> list[dict]:
    """One row, times to AMQP's handshake on an empty data folder; none without the script."""
    installation = find_installation()
    script = installation and installation.home / "sbin" / "rabbitmq-server"
    if not script or not script.exists():
        print("broker: no rabbitmq-server here, not measured", file=sys.stderr)
        return []
    pairs = [(_ours(), _script(script)) for _ in range(ROUNDS)]
    ours, rival = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [
        {
            "what": f"RabbitMQ {installation.version} cold start (its own script)",
            "ours": f"{ours:.1f} s",
            "rival": f"{rival:.1f} s",
            "ratio": ours / rival,
            "aim": AIM,
        }
    ]


def _ours() -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        broker = PrivateBroker.open(Path(folder))
        elapsed = time.perf_counter() - started
        broker.close()
        return elapsed


def _script(script: Path) -> float:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        port, distribution, management, epmd = free_ports(4)
        environment = _environment(Path(folder), port, distribution, management, epmd)
        started = time.perf_counter()
        with (Path(folder) / "out").open("wb") as log:
            broker = subprocess.Popen(
                [script], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            while not answers_amqp("127.0.0.1", port):
                if broker.poll() is not None or time.perf_counter() - started > PATIENCE:
                    raise RuntimeError((Path(folder) / "out").read_text())
                time.sleep(0.01)
            return time.perf_counter() - started
        finally:
            os.killpg(broker.pid, signal.SIGKILL)
            broker.wait()
            subprocess.run(["epmd", "-port", str(epmd), "-kill"], capture_output=True, check=False)


def _environment(
    folder: Path, port: int, distribution: int, management: int, epmd: int
) -> dict[str, str]:
    """What the script needs to run beside the system's own node, and nothing to go faster."""
    (folder / "enabled_plugins").write_text("[rabbitmq_management].")
    (folder / "rabbitmq.conf").write_text(f"management.tcp.port = {management}\n")
    (folder / "rabbitmq-env.conf").touch()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_NODENAME": f"bench{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "ERL_EPMD_PORT": str(epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_CRASH_DUMP": os.devnull,
        "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the node
    }
