"""Orders: none lost, none invented, one for a key, each ended once, by one runner at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from workbook.failures.history import History
from workbook.failures.invariants.account import ENDINGS, Account, Row

# What a command may be answered, once; a saga that is out of time was not asked.
ANSWERS = {"done", "refused"}


def i1_no_lost_order(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """Every order a client heard of exists once, and ended as the client was told."""
    counts = Counter(row["id"] for row in account.orders)
    statuses = {row["id"]: row["status"] for row in account.orders}
    owners = {row["id"]: row["user_id"] for row in account.orders}
    for record in history.answers():
        told = record.value["order"]
        if counts[told["id"]] != 1:
            yield told["id"], f"promise à un client, {counts[told['id']]} fois dans orders"
        elif owners[told["id"]] != record.value["user"]:
            yield told["id"], f"promise à {record.value['user']}, elle est à {owners[told['id']]}"
        elif record.value["status"] == 201 and statuses[told["id"]] != "CONFIRMED":
            yield told["id"], f"annoncée confirmée (201), elle est {statuses[told['id']]}"
        elif told["status"] in ENDINGS and told["status"] != statuses[told["id"]]:
            yield told["id"], f"annoncée {told['status']}, elle est {statuses[told['id']]}"


def i2_no_phantom(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """Every order was asked for, and one request without a key made one order at most."""
    keys = {row["order_id"]: (row["user_id"], row["key"]) for row in account.idempotency_keys}
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


def wanted(items: Iterable[Row]) -> tuple[tuple[str, int], ...]:
    """The articles of an order, in any order."""
    return tuple(sorted((item["sku"], item["quantity"]) for item in items))


def i3_one_order_for_a_key(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """A client that asks again with its key gets one order, its own, and the same answer."""
    answers, clients = defaultdict(list), defaultdict(set)
    for record in history.answers():
        if record.key:
            user, order = record.value["user"], record.value["order"]
            answers[user, record.key].append((record.value["status"], order))
            clients[order["id"]].add((user, record.key))
    for order_id, keys in clients.items():
        if len(keys) > 1:
            yield order_id, f"une commande pour plusieurs clients : {sorted(keys)}"
    for key, heard in answers.items():
        ids = {order["id"] for _, order in heard}
        if len(ids) > 1:
            yield min(ids), f"la clé {key} a donné {len(ids)} commandes : {sorted(ids)}"
        elif any(answer != heard[0] for answer in heard):
            told = sorted({f"{status} {order['status']}" for status, order in heard})
            yield heard[0][1]["id"], f"la clé {key} a reçu des réponses différentes : {told}"


def i4_ended(history: History, account: Account) -> Iterator[tuple[str, str]]:
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


def i14_one_runner(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """A saga's log reads as if one runner had written it: no answer twice, none unasked for."""
    logs = defaultdict(list)
    for entry in sorted(account.saga_log, key=lambda entry: entry["position"]):
        logs[entry["order_id"]].append((entry["command"], entry["outcome"]))
    for order_id, entries in logs.items():
        for entry, number in Counter(entries).items():
            if number > 1:
                yield order_id, f"son journal dit {number} fois {' '.join(entry)}"
        for command, outcome in entries:
            if outcome in ANSWERS and (command, "started") not in entries:
                yield order_id, f"son journal dit {command} {outcome}, que personne n’a demandé"
