"""What goes wrong around a shop: each trouble is one French sentence, and the notebook goes on."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SELL = """
    import os, sys, time
    from pathlib import Path
    from workbook import Shop
    from workbook.errors import WorkbookError

    lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}


    def until(condition, seconds=30):
        end = time.monotonic() + seconds
        while not (value := condition()) and time.monotonic() < end:
            time.sleep(0.05)
        return value
"""
namespaces = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux to hide a folder"
)


def play(script, hiding="true", **environment):
    """Run a learner's session in a process of its own, after `hiding` in its own mounts."""
    wrapped = ["unshare", "--mount", "sh", "-c", f'{hiding} && exec "$@"', "sh"]
    done = subprocess.run(
        [*wrapped, sys.executable, "-c", textwrap.dedent(SELL) + textwrap.dedent(script)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@namespaces
def test_no_rabbitmq_anywhere():
    """The shop says how to get one, opens without, and still sells."""
    said = play(
        """
        shop = Shop.start("gateway", "auth", "products", "inventory", "payments", "orders")
        shop.sign_in("alice")
        print(shop.post("/orders", lamp).status_code)
        print([name for name in shop.graph() if name.startswith(("queue", "exchange"))])
        shop.stop()
        """,
        hiding="mount -t tmpfs none /usr/lib/rabbitmq",
    )

    assert "RabbitMQ est introuvable" in said
    assert said.splitlines()[-2:] == ["201", "[]"]


@pytest.mark.needs("rabbitmq")
@namespaces
def test_rabbitmq_killed_in_mid_chapter():
    """Sales go on, the map says who is down, and the messages arrive once it is back."""
    said = play(
        """
        shop = Shop.start()
        shop.sign_in("alice")
        shop.graph()
        shop.broker.kill()
        order = shop.post("/orders", lamp)
        graph = shop.graph()
        print(order.status_code, graph.nodes["queue:notifications.orders"]["reason"])
        shop.broker.restart()
        path = f"/notifications?order_id={order.json()['id']}"
        print(len(until(lambda: shop.get(path).json()["notifications"])) > 0)
        shop.stop()
        """
    )

    assert said.splitlines()[-2:] == ["201 RabbitMQ ne répond plus", "True"]


@namespaces
def test_disk_full_in_the_run_folder(tmp_path):
    """A service says 507 rather than lose a sale quietly; space made, it works again."""
    said = play(
        """
        shop = Shop.start("gateway", "auth", "products", "users", broker=False)
        shop.sign_in("admin")
        product = {"sku": "NEW", "name": "Une nouveauté", "price_cents": 1}
        ballast = Path(os.environ["TMPDIR"], "ballast")
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        full = shop.put("/products/NEW", product)
        print(full.status_code, full.json()["detail"])
        try:
            shop.serve("mine", "x = 1  # " + "y" * 10_000)
        except WorkbookError as error:
            print(error)
        ballast.unlink()
        print(shop.put("/products/NEW", product).status_code)
        shop.stop()
        """,
        hiding=f"mount -t tmpfs -o size=24m none {tmp_path}",
        TMPDIR=str(tmp_path),
    )

    refused, unwritten, *_, accepted = said.splitlines()[-3:]
    assert refused.startswith("507 Le disque est plein")
    assert "Libérez de la place" in unwritten
    assert accepted == "201"


@namespaces
def test_busy_port():
    """A fixed address that somebody took meanwhile is named; any other start finds a free one."""
    said = play(
        """
        import socket
        shop = Shop.start("products", broker=False)
        port = shop.services["products"].running[0].port
        shop.kill("products")
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(("127.0.0.1", port))
            thief.listen()
            try:
                shop.restart("products")
            except WorkbookError as error:
                print(error)
        shop.restart("products")
        print(shop["products"].get("/products").status_code)
        shop.stop()
        """
    )

    assert "port déjà occupé" in said
    assert said.splitlines()[-1] == "200"
