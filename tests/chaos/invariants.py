"""The invariants I1 to I13 of the shop, once every service is up again and everything is quiet.

Each is a pure function of a history and the account of a run, and returns the violations it sees.
The account is plain data: rows as dicts, read from the databases from outside; what was in the
queues; what the processes wrote. So every invariant can be shown to fire on a bad history.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

ENDINGS = {"CONFIRMED", "REJECTED", "CANCELLED"}
GRACE = 2.0  # seconds: breakers close and addresses are found again after an outage
# What each public operation needs to be up (I12); whatever is not named may be down.
NEEDS = {
    "POST /orders": {"orders", "products"},
    "GET /orders": {"orders"},
    "GET /stock": {"inventory"},
    "GET /products": {"products"},
    "GET /notifications": {"notifications"},
}
UNDONE = {"payment.refunded": "payment.processed", "stock.released": "stock.reserved"}


@dataclass(frozen=True)
class Violation:
    """An invariant broken, and the order, key or message it was broken for."""

    invariant: str
    subject: str
    text: str


@dataclass(frozen=True)
class Outage:
    """A service was away from `since` to `until`, epoch seconds; never back: infinity."""

    service: str
    since: float
    until: float = float("inf")


@dataclass
class Account:
    """All that is known of a run at its end."""

    orders: list = field(default_factory=list)
    idempotency_keys: list = field(default_factory=list)
    sagas: list = field(default_factory=list)
    saga_log: list = field(default_factory=list)
    ledger: list = field(default_factory=list)
    stock: list = field(default_factory=list)
    notifications: list = field(default_factory=list)
    outbox: dict = field(default_factory=dict)  # service: rows
    inbox: dict = field(default_factory=dict)  # service: rows
    bindings: list = field(default_factory=list)  # (queue, routing key)
    depths: dict = field(default_factory=dict)  # queue: ready messages
    dead: list = field(default_factory=list)  # message ids in dead-letter queues
    planted: set = field(default_factory=set)  # message ids of the poison we sent
    lines: list = field(default_factory=list)  # what processes wrote: events, logs, spans
    secrets: tuple = ()
    initial_stock: dict = field(default_factory=dict)
    outages: list = field(default_factory=list)
    last_fault: float | None = None
    settled: float | None = None  # when all was quiet; None: it never was
    recovery_limit: float | None = 15.0  # seconds; None: not judged here

    def events(self):
        """Every event of every outbox, with its service."""
        return [{**row, "service": name} for name, rows in self.outbox.items() for row in rows]

    def spans(self, kind):
        return [
            line
            for line in self.lines
            if line.get("kind") == "span" and line.get("span_kind") == kind
        ]

    def crashed(self):
        return any(line.get("event") == "crash" for line in self.lines) or bool(self.outages)

    def order(self, order_id):
        return next((row for row in self.orders if row["id"] == order_id), None)


# --- orders ------------------------------------------------------------------------------------


def i1_no_lost_order(history, account):
    """Every order a client heard of exists once, and ended as the client was told."""
    counts = Counter(row["id"] for row in account.orders)
    statuses = {row["id"]: row["status"] for row in account.orders}
    for record in history.answers():
        told = record.value["order"]
        if counts[told["id"]] != 1:
            yield told["id"], f"promise à un client, {counts[told['id']]} fois dans orders"
        elif record.value["status"] == 201 and statuses[told["id"]] != "CONFIRMED":
            yield told["id"], f"annoncée confirmée (201), elle est {statuses[told['id']]}"
        elif told["status"] in ENDINGS and told["status"] != statuses[told["id"]]:
            yield told["id"], f"annoncée {told['status']}, elle est {statuses[told['id']]}"


def i2_no_phantom(history, account):
    """Every order was asked for, and one request without a key made one order at most."""
    keys = {row["order_id"]: row["key"] for row in account.idempotency_keys}
    used, unkeyed = history.keys(), Counter()
    for row in account.orders:
        if row["id"] not in keys:
            unkeyed[wanted(row["items"])] += 1
        elif keys[row["id"]] not in used:
            yield row["id"], f"aucun client n’a utilisé la clé {keys[row['id']]}"
    asked = Counter(wanted(r.value["items"]) for r in history.of("invoke") if r.key is None)
    for items, number in unkeyed.items():
        if number > asked[items]:
            last = [r["id"] for r in account.orders if r["id"] not in keys][-1]
            yield last, f"{number} commandes sans clé pour {asked[items]} demandes de {items}"


def wanted(items):
    return tuple(sorted((item["sku"], item["quantity"]) for item in items))


def i3_one_order_for_a_key(history, account):
    """A client that asks again with its key gets one order, and the same answer."""
    answers = defaultdict(list)
    for record in history.answers():
        if record.key:
            answers[record.key].append((record.value["status"], record.value["order"]))
    for key, heard in answers.items():
        ids = {order["id"] for _, order in heard}
        if len(ids) > 1:
            yield min(ids), f"la clé {key} a donné {len(ids)} commandes : {sorted(ids)}"
        elif any(answer != heard[0] for answer in heard):
            told = sorted({f"{status} {order['status']}" for status, order in heard})
            yield heard[0][1]["id"], f"la clé {key} a reçu des réponses différentes : {told}"


def i4_ended(history, account):
    """Every order has ended, in one way."""
    for row in account.orders:
        if row["status"] not in ENDINGS:
            yield row["id"], f"elle est encore {row['status']}"
    endings = defaultdict(set)
    for event in account.outbox.get("orders", []):
        if event["routing_key"] != "order.created":
            endings[event["key"]].add(event["routing_key"])
    for order_id, told in endings.items():
        if len(told) > 1:
            yield order_id, f"elle a fini de plusieurs façons : {sorted(told)}"


# --- money and goods ---------------------------------------------------------------------------


def i5_money(history, account):
    """What was charged and not given back is what the confirmed orders cost, order by order."""
    orders = {row["id"]: row for row in account.orders}
    moved = defaultdict(lambda: {"charge": [], "refund": []})
    for line in account.ledger:
        moved[line["order_id"]][line["kind"]].append(line["amount_cents"])
    for order_id in sorted({*orders, *moved}):
        order = orders.get(order_id, {"status": "inconnue", "total_cents": 0})
        owed = order["total_cents"] if order["status"] == "CONFIRMED" else 0
        charges, refunds = moved[order_id]["charge"], moved[order_id]["refund"]
        if len(charges) > 1 or len(refunds) > len(charges) or sum(charges) - sum(refunds) != owed:
            text = f"{order['status']}, doit {owed} c., débitée {charges}, remboursée {refunds}"
            yield order_id, text


def i6_stock(history, account):
    """No unit appears or is lost; none stays reserved; what is sold is what orders sold."""
    sold = Counter()
    for row in account.orders:
        if row["status"] == "CONFIRMED":
            for item in row["items"]:
                sold[item["sku"]] += item["quantity"]
    for row in account.stock:
        sku, columns = row["sku"], (row["available"], row["reserved"], row["sold"])
        if min(columns) < 0 or sum(columns) != account.initial_stock[sku]:
            yield sku, f"{columns} n’est pas une partition de {account.initial_stock[sku]}"
        if row["reserved"] or row["sold"] != sold[sku]:
            said = f"{row['reserved']} réservés, {row['sold']} vendus"
            yield sku, f"{said}, les commandes en ont vendu {sold[sku]}"


# --- events ------------------------------------------------------------------------------------


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


TELLER = "notifications"


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
    """The events of an order tell a legal life: created first, one ending, undone after done."""
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


# --- what is seen of it ------------------------------------------------------------------------


def i10_one_trace(history, account):
    """All that happens for an order is in one trace, joined up; and log lines carry their ids."""
    traces = {row["order_id"]: trace_of(row["trace"]) for row in account.sagas}
    keys = {event["message_id"]: event["key"] for event in account.events()}
    for event in account.events():
        if trace_of(json.loads(event["headers"])) != traces.get(event["key"]):
            yield event["key"], f"{event['routing_key']} est né hors de la trace de sa commande"
    for span in account.spans("producer") + account.spans("consumer"):
        order_id = keys.get(message_of(span))
        if order_id and span["trace_id"] != traces.get(order_id):
            yield order_id, f"« {span['name']} » de {span['service']} est dans une autre trace"
    if not account.crashed():
        yield from loose_ends(account, traces)
    for line in account.lines:
        tied = line.get("kind") == "log" and ("order_id" in line or "status" in line)
        if tied and not (line["trace_id"] and line["correlation_id"]):
            yield line.get("order_id", "?"), f"ligne sans identifiant : {line['message']}"


def trace_of(headers):
    return headers.get("traceparent", "--").split("-")[1]


def loose_ends(account, traces):
    """Spans whose parent nobody wrote. A killed process takes its open spans with it."""
    spans = defaultdict(dict)
    for line in account.lines:
        if line.get("kind") == "span":
            spans[line["trace_id"]][line["span_id"]] = line
    for order_id, trace in traces.items():
        parents = {line["parent_id"] for line in spans[trace].values()} - set(spans[trace])
        # The one parent that is not ours is the client's.
        if len(parents) > 1:
            yield order_id, f"sa trace est en {len(parents)} morceaux"


def i11_no_secret(history, account):
    """No event, message to a customer, dead letter or line of a log carries a secret."""
    for event in account.events():
        for secret in account.secrets:
            if secret in event["body"] or secret in event["headers"]:
                yield event["key"], f"{event['routing_key']} porte un secret ({secret[:4]}…)"
    for line in account.lines:
        text = json.dumps(line, ensure_ascii=False)
        if any(secret in text for secret in account.secrets):
            yield line.get("order_id") or line.get("service", "?"), "un secret est dans les logs"


def i12_independence(history, account):
    """While X is down, what does not need X never answers with an error."""
    invoked = {record.number: record.time for record in history.records if record.type == "invoke"}
    for record in history.records:
        if record.type == "info" and not excused(account, record, invoked[record.number]):
            down = {o.service for o in account.outages if o.since <= record.time <= o.until}
            why = " ".join(str(record.value[n]) for n in ("status", "error") if record.value.get(n))
            yield (
                record.key or record.operation,
                (f"{record.operation} a échoué ({why}), en panne alors : {sorted(down) or 'rien'}"),
            )


def excused(account, record, invoked):
    needs = NEEDS.get(record.operation, set()) | set(record.value.get("through", ()))
    return any(
        outage.service in needs and outage.since <= record.time and invoked <= outage.until + GRACE
        for outage in account.outages
    )


def i13_recovery(history, account):
    """Everything is quiet again within the limit after the last fault."""
    if account.recovery_limit is None or account.last_fault is None:
        return
    if account.settled is None:
        yield "boutique", "elle n’est jamais redevenue calme"
    elif account.settled - account.last_fault > account.recovery_limit:
        seconds = account.settled - account.last_fault
        yield "boutique", f"calme après {seconds:.1f} s, au lieu de {account.recovery_limit:.0f} s"


INVARIANTS = {
    "I1": i1_no_lost_order,
    "I2": i2_no_phantom,
    "I3": i3_one_order_for_a_key,
    "I4": i4_ended,
    "I5": i5_money,
    "I6": i6_stock,
    "I7": i7_events,
    "I8": i8_dead_letters,
    "I9": i9_event_order,
    "I10": i10_one_trace,
    "I11": i11_no_secret,
    "I12": i12_independence,
    "I13": i13_recovery,
}


def check(history, account):
    """The violations of all the invariants."""
    return [
        Violation(name, subject, text)
        for name, invariant in INVARIANTS.items()
        for subject, text in invariant(history, account)
    ]


# --- the story of one order --------------------------------------------------------------------


def timeline(history, account, order_id):
    """What happened to an order, as (epoch seconds, text), in order: clients, sagas, events.

    The order is known by its id, or by its client's key.
    """
    stands_for = {row["key"]: row["order_id"] for row in account.idempotency_keys}
    order_id = stands_for.get(order_id, order_id)
    keys = {key for key, stored in stands_for.items() if stored == order_id} | {order_id}
    told = [
        (r.time, f"client   {r.type} {r.value.get('status') or r.value.get('error') or ''}")
        for r in history.of("invoke", "ok", "fail", "info")
        if r.key in keys
    ]
    events = [event for event in account.events() if event["key"] == order_id]
    messages = {event["message_id"]: event["routing_key"] for event in events}
    recorded = [(e["recorded_at"], f"{e['service']} note {e['routing_key']}") for e in events]
    published = [
        (e["published_at"], f"{e['service']} a publié {e['routing_key']}")
        for e in events
        if e["published_at"] is not None
    ]
    received = [
        (row["received_at"], f"{row['consumer']} a traité {messages[row['message_id']]}")
        for rows in account.inbox.values()
        for row in rows
        if row["message_id"] in messages
    ]
    logged = [
        (epoch(entry["at"]), f"saga     {entry['command']} {entry['outcome']}")
        for entry in account.saga_log
        if entry["order_id"] == order_id
    ]
    story = sorted(told + recorded + published + received + logged)
    return sorted(story + deaths_between(account, story[0][0], story[-1][0])) if story else []


def deaths_between(account, since, until):
    """The outages that the story of an order met."""
    return [
        (max(outage.since, since), f"{outage.service} est en panne")
        for outage in account.outages
        if outage.since <= until and since <= outage.until
    ]


def epoch(text):
    return datetime.fromisoformat(text).timestamp()


def minimal(history, account, violations):
    """The violation whose order has the shortest story, and that story."""
    stories = [(v, timeline(history, account, v.subject)) for v in violations]
    return min(stories, key=lambda told: (not told[1], len(told[1])), default=(None, []))
