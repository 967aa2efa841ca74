"""Signs: what the shop leaves to be read: one trace for an order, and no secret anywhere."""

import json
from collections import defaultdict

from workbook.failures.invariants.account import ENDINGS

from .messages import message_of


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
    yield from kept_cards(account)
    for line in account.lines:
        text = json.dumps(line, ensure_ascii=False)
        if any(secret in text for secret in account.secrets):
            yield line.get("order_id") or line.get("service", "?"), "un secret est dans les logs"


def kept_cards(account):
    """A card serves once: when the order has ended, nobody keeps it."""
    ended = {row["id"]: row for row in account.orders if row["status"] in ENDINGS}
    for order_id, row in ended.items():
        if row["card"]:
            yield order_id, "elle a fini, et orders garde sa carte"
    for intent in account.intents:
        if intent["order_id"] in ended:
            yield intent["order_id"], "elle a fini, et payments garde sa carte"
