"""What goes wrong around a shop: each trouble is one French sentence, and the notebook goes on."""

import os
import subprocess
import sys
import textwrap

import pytest
from basics import ROOT

SELL = """
    import os, shutil, sys, time
    from pathlib import Path
    from workbook import Shop
    from workbook.errors import WorkbookError
    from workbook.waiting import until

    lamp = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}
"""
mounts = pytest.mark.needs("mounts")


def play(script, hiding=None, **environment):
    """Run a learner's session in a process of its own, after `hiding` in its own mounts."""
    wrapped = ["unshare", "--mount", "sh", "-c", f'{hiding} && exec "$@"', "sh"] if hiding else []
    done = subprocess.run(
        [*wrapped, sys.executable, "-c", textwrap.dedent(SELL) + textwrap.dedent(script)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@mounts
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
@mounts
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
        print(len(until(lambda: shop.get(path).json()["notifications"], 30)) > 0)
        shop.stop()
        """
    )

    assert said.splitlines()[-2:] == ["201 RabbitMQ ne répond plus", "True"]


@mounts
def test_rabbitmq_short_of_disk(tmp_path):
    """A broker blocked by its alarm is nobody's wrong answer, and the map says it."""
    said = play(
        """
        from workbook.checks import Exercise
        from workbook.checks.judge import judge
        shop = Shop.start("products", broker=True)
        shop.broker.api("PUT", f"queues/{shop.broker.vhost}/letters", {"durable": True})
        exercise = Exercise("ch91.publish", title="Publier")

        @exercise.step("Le message arrive", timeout=5)
        def arrives(harness, answer):
            harness.channel()
            answer()

        def fill_the_disk_and_fail():
            room = shutil.disk_usage(os.environ["TMPDIR"]).free - 20_000_000
            Path(os.environ["TMPDIR"], "ballast").write_bytes(b"x" * room)
            assert until(shop.broker.alarms, 30)
            raise ValueError("no message passes")

        for answer in (fill_the_disk_and_fail, print):
            print(judge(exercise, (answer,), 1).outcome)
        print(judge(exercise, (print,), 1).steps[0].finding.seen)
        print([node.get("reason") for _, node in shop.graph().nodes(data=True)])
        shop.stop()
        """,
        hiding=f"mount -t tmpfs -o size=130m none {tmp_path}",
        TMPDIR=str(tmp_path),
    )

    *verdicts, why, reasons = said.splitlines()[-4:]
    assert verdicts == ["cannot_check", "cannot_check"]
    assert "place sur son disque" in why
    assert "RabbitMQ est bloqué" in reasons


@mounts
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
