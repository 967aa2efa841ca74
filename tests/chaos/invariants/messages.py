"""Messages: all published, each handled once by each subscriber, in order, none set aside."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from workbook.failures.invariants.account import ENDINGS, asked_for

UNDONE = {"payment.refunded": "payment.processed", "stock.released": "stock.reserved"}


def i7_events(history, account):
    """Every event is published, reaches each subscriber's inbox, and has its effect once."""
    for event in account.events():
        if event["published_at"] is None:
            yield event["key"], f"{event['routing_key']} attend encore dans {event['service']}"
    yield from untold(account)
    queue = total_queue(account)
    for message_id, subscriber in sorted(queue.lost):
        yield owner(account, message_id), f"{message_id} n’est jamais arrivé à {subscriber}"
    for message_id, subscriber in sorted(queue.unexpected):
        yield message_id, f"{subscriber} a traité {message_id}, que personne n’a publié"
    yield from wrong_effects(account)
    yield from wrong_recipients(history, account)


def untold(account):
    """An order that ended must have said so: what a dual write forgets."""
    told = {(event["key"], event["routing_key"]) for event in account.outbox.get("orders", [])}
    for row in account.orders:
        ending = f"order.{row['status'].lower()}"
        if row["status"] in ENDINGS and (row["id"], ending) not in told:
            yield row["id"], f"elle est {row['status']}, et aucun événement {ending} ne le dit"


def wrong_effects(account):
    """One message to the customer for each ending: neither none nor two."""
    queues = {routing_key for queue, routing_key in account.bindings if owner_of(queue) == TELLER}
    sent = Counter((row["order_id"], row["kind"]) for row in account.notifications)
    due = {(e["key"], e["routing_key"]) for e in account.events() if e["routing_key"] in queues}
    for order_id, kind in sorted(due | set(sent)):
        number, expected = sent[order_id, kind], int((order_id, kind) in due)
        if number != expected:
            yield order_id, f"{number} message(s) {kind} au client au lieu de {expected}"


def wrong_recipients(history, account):
    """A message goes to the client who placed the order, whatever the event says."""
    asked = asked_for(history, account)
    for row in account.notifications:
        client = asked.get(row["order_id"])
        if client and row["recipient"] != client.user:
            yield row["order_id"], f"écrit à {row['recipient']}, la commande est de {client.user}"


TELLER = "notifications"
ORDERED = ".choreography"  # how the name of a queue ends that has one consumer at a time


def owner_of(queue):
    return queue.partition(".")[0]


def owner(account, message_id):
    found = (e["key"] for e in account.events() if e["message_id"] == message_id)
    return next(found, message_id)


@dataclass(frozen=True)
class TotalQueue:
    """Jepsen's total-queue checker over the order events: each is a set of (message, queue)."""

    attempted: set
    acknowledged: set
    lost: set
    unexpected: set
    duplicated: set
    recovered: set

    def __str__(self):
        names = ("attempted", "acknowledged", "lost", "unexpected", "duplicated", "recovered")
        return ", ".join(f"{name} {len(getattr(self, name))}" for name in names)


def total_queue(account):
    """lost = acknowledged and never delivered; recovered = outcome unknown, delivered all the same.

    A delivery is a row of the subscriber's inbox, a duplicate one that the inbox turned away.
    """
    subscribers = defaultdict(set)
    for queue, routing_key in account.bindings:
        subscribers[routing_key].add(queue)
    copies = [(e, q) for e in account.events() for q in subscribers[e["routing_key"]]]
    attempted = {(event["message_id"], queue) for event, queue in copies}
    acknowledged = {(e["message_id"], q) for e, q in copies if e["published_at"] is not None}
    delivered = {
        (row["message_id"], row["consumer"]) for rows in account.inbox.values() for row in rows
    }
    published = Counter(message_of(span) for span in account.spans("producer"))
    unsure = {copy for copy in attempted if published[copy[0]] > 1} | (attempted - acknowledged)
    handled = Counter(
        (message_of(span), span["attributes"].get("messaging.destination.subscription.name"))
        for span in account.spans("consumer")
    )
    return TotalQueue(
        attempted=attempted,
        acknowledged=acknowledged,
        lost=acknowledged - delivered,
        unexpected=delivered - attempted,
        duplicated={copy for copy in attempted if handled[copy] > 1},
        recovered=unsure & delivered,
    )


def message_of(span):
    return span["attributes"].get("messaging.message.id")


def i8_dead_letters(history, account):
    """The dead-letter queues hold the poison we planted: all of it, and nothing else."""
    found = Counter(account.dead)
    for message_id in sorted(set(account.planted) | set(found)):
        expected = int(message_id in account.planted)
        if found[message_id] != expected:
            yield message_id, f"{found[message_id]} fois aux lettres mortes au lieu de {expected}"
    for queue, depth in sorted(account.depths.items()):
        if depth and not queue.endswith(".dead"):
            yield queue, f"{depth} messages y restent"


def i9_event_order(history, account):
    """The events of an order tell a legal life, and of an ordered queue one consumer is served."""
    for queue, number in Counter(account.active).items():
        if queue.endswith(ORDERED) and number > 1:
            yield queue, f"{number} consommateurs actifs, dans une file ordonnée"
    for order_id, events in by_order(account.outbox.get("orders", [])).items():
        names = [event["routing_key"] for event in events]
        if names[0] != "order.created" or names.count("order.created") != 1:
            yield order_id, f"ses événements ne commencent pas par order.created : {names}"
    for service, rows in account.outbox.items():
        for order_id, events in by_order(rows).items():
            yield from disorder(order_id, service, events)


def by_order(rows):
    grouped = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["id"]):
        grouped[row["key"]].append(row)
    return grouped


def disorder(order_id, service, events):
    published = [event["published_at"] for event in events if event["published_at"] is not None]
    names = [event["routing_key"] for event in events]
    if published != sorted(published):
        yield order_id, f"{service} a publié {names} dans le désordre"
    for undo, done in UNDONE.items():
        if undo in names and done not in names[: names.index(undo)]:
            yield order_id, f"{undo} sans {done} avant lui"
