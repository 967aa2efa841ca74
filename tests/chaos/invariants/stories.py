"""Stories: all that is known of one order, in the order in which it happened."""

from datetime import datetime


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
