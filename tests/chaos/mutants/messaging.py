"""Bugs of events: the outbox, the relay, the consumers and their queues."""

from dataclasses import replace

from .mutant import Mutant
from .schedules import (
    CALM,
    CUT,
    HALF_BOUND,
    NO_RELAY,
    NOBODY_LISTENS,
    NOBODY_RESERVES,
    QUEUE_FULL,
    SEVEN_DEATHS,
    SEVEN_DEATHS_EACH,
    SLEEPING_RELAY,
    TWO_CONSUMERS,
    dies_at,
)

AMQP = "chassis/amqp.py"
CONSUMER = "chassis/consumer.py"
OUTBOX = "chassis/outbox.py"
EVENTS = "chassis/events.py"

HANDLE = """        with self.database.transaction() as session:
            first = self.inbox.first_time(session, self.queue, event.id)
            if first:
                self.handlers[event.type](session, event)
            crash_point("consumer_before_commit")
"""

PUBLISH_THEN_MARK = """            crash_point("relay_before_publish")
            if self._publish(channel, event):
                crash_point("relay_after_publish")
                self._change(event, published_at=time.time())
"""

BUGS = (
    Mutant(
        "acquitter avant le travail",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                "            outcome = self._work(",
                "            channel.basic_ack(method.delivery_tag)\n"
                "            outcome = self._work(",
            ),
            (
                CONSUMER,
                "                channel.basic_ack(method.delivery_tag)\n        metrics",
                "        metrics",
            ),
        ),
    ),
    Mutant(
        "pas de boîte de réception",
        ("I7",),
        (dies_at("notifications:consumer_before_ack:1"),),
        ((CONSUMER, "            if first:\n", "            if first or True:\n"),),
    ),
    Mutant(
        "noter reçu dans une autre transaction",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                HANDLE,
                HANDLE.replace(
                    "            if first:",
                    "        with self.database.transaction() as session:\n            if first:",
                ),
            ),
        ),
    ),
    Mutant(
        "faire, puis noter reçu",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                HANDLE,
                """        with self.database.transaction() as session:
            first = session.get(Received, (self.queue, event.id)) is None
            if first:
                self.handlers[event.type](session, event)
        crash_point("consumer_before_commit")
        with self.database.transaction() as session:
            self.inbox.first_time(session, self.queue, event.id)
""",
            ),
            (
                CONSUMER,
                "from services.chassis.faults import crash_point\n",
                "from services.chassis.faults import crash_point\n"
                "from services.chassis.inbox import Received\n",
            ),
        ),
    ),
    Mutant(
        "marquer publié avant de publier",
        ("I7",),
        (dies_at("orders:relay_before_publish:2"),),
        (
            (
                OUTBOX,
                PUBLISH_THEN_MARK,
                """            self._change(event, published_at=time.time())
            crash_point("relay_before_publish")
            if self._publish(channel, event):
                crash_point("relay_after_publish")
""",
            ),
        ),
    ),
    Mutant(
        "publier sans confirmation",
        ("I7",),
        (NOBODY_LISTENS,),
        ((EVENTS, "            channel.confirm_delivery()\n", ""),),
        deployed=("orders",),
    ),
    Mutant(
        "publier sans mandatory",
        ("I7",),
        (NOBODY_LISTENS,),
        (("chassis/amqp.py", "properties, mandatory)", "properties, False)"),),
        deployed=("orders",),
    ),
    Mutant(
        "l’événement dans une seconde transaction",
        ("I7", "I9"),
        (dies_at("orders:after_create_commit:1"),),
        (
            (
                "orders/placing.py",
                '            events.record(session, "order.created", order_id, data, '
                "mandatory=flow.mandatory)\n",
                "",
            ),
            (
                "orders/placing.py",
                '    crash_point("after_create_commit")\n',
                '    crash_point("after_create_commit")\n'
                "    if agreed == order_id:\n"
                "        with database.transaction() as session:\n"
                '            events.record(session, "order.created", order_id, data, '
                "mandatory=flow.mandatory)\n",
            ),
        ),
    ),
    Mutant(
        "pas de file de lettres mortes",
        ("I8",),
        (CALM,),
        (
            (
                "chassis/amqp.py",
                '        "x-dead-letter-exchange": DEAD_LETTERS,\n'
                '        "x-dead-letter-routing-key": queue,\n',
                "",
            ),
            ("chassis/amqp.py", '        "x-dead-letter-strategy": "at-least-once",\n', ""),
        ),
        deployed=("notifications",),
    ),
    Mutant(
        "perdre la trace chez RabbitMQ",
        ("I10",),
        (CALM,),
        (("chassis/amqp.py", "headers=telemetry.inject({})", "headers={}"),),
        deployed=("orders",),
    ),
    Mutant(
        "publier dans le désordre",
        ("I9",),
        (NOBODY_RESERVES,),
        ((OUTBOX, "                self._held_back[event.key] = self._now() + wait\n", ""),),
        deployed=("orders",),
    ),
    Mutant(
        "s’abonner au début d’abord",
        ("I6", "I7"),
        (HALF_BOUND,),
        (("chassis/amqp.py", "in reversed(routing_keys):", "in routing_keys:"),),
    ),
    Mutant(
        "ne jamais se reconnecter",
        ("I13",),
        (replace(CUT, recovery_limit=15.0),),
        (
            (
                EVENTS,
                "    while not lifecycle.stopping.is_set():\n        _, error",
                "    if True:\n        _, error",
            ),
        ),
        deployed=("notifications", "orders"),
    ),
    Mutant(
        "compter une mort contre ce qui attend",
        ("I8",),
        (SEVEN_DEATHS, SEVEN_DEATHS_EACH),
        ((AMQP, '"x-delivery-limit": UNLIMITED', '"x-delivery-limit": 5'),),
    ),
    Mutant(
        "remettre le poison en file",
        ("I8",),
        (CALM,),
        ((CONSUMER, "method.delivery_tag, requeue=False", "method.delivery_tag, requeue=True"),),
        deployed=("notifications",),
    ),
    Mutant(
        "acquitter ce qui a échoué",
        ("I8",),
        (CALM,),
        (
            (
                CONSUMER,
                "channel.basic_reject(method.delivery_tag, requeue=False)",
                "channel.basic_ack(method.delivery_tag)",
            ),
        ),
        deployed=("notifications",),
    ),
    Mutant(
        "le bail d’un mort ne se reprend pas",
        ("I7",),
        (NO_RELAY,),
        (
            (
                "chassis/lease.py",
                "        return self._others.seconds(self.role, (row.holder, row.beat)) "
                "> LEASE_SECONDS\n",
                "        return False\n",
            ),
        ),
    ),
    Mutant(
        "un relais qui se réveille récrit ce qu’un autre a publié",
        ("I9",),
        (SLEEPING_RELAY,),
        ((OUTBOX, "(Stored.id == event.id) & PENDING", "Stored.id == event.id"),),
    ),
    Mutant(
        "deux consommateurs actifs",
        ("I9",),
        (TWO_CONSUMERS,),
        ((AMQP, '        arguments["x-single-active-consumer"] = True\n', "        pass\n"),),
        deployed=("inventory",),
    ),
    Mutant(
        "un relais qui attend qu’on le réveille",
        ("I7",),
        (NOBODY_LISTENS,),
        ((EVENTS, "self._recorded.wait(POLL_SECONDS)", "self._recorded.wait()"),),
        deployed=("orders",),
    ),
    Mutant(
        "prendre un refus du courtier pour un accord",
        ("I7",),
        (QUEUE_FULL,),
        (
            (
                OUTBOX,
                "            except (UnroutableError, NackError) as error:\n",
                "            except NackError:\n"
                "                return True\n"
                "            except UnroutableError as error:\n",
            ),
        ),
        deployed=("orders",),
    ),
    Mutant(
        "un secret dans un événement",
        ("I11",),
        (CALM,),
        (
            (
                "orders/endings.py",
                '        "items": order.items,\n',
                '        "items": order.items,\n        "card": order.card,\n',
            ),
        ),
    ),
)
