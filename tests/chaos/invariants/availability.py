"""Availability: what must go on working while something is down, and how soon all is calm.

Both speak of seconds, and seconds are worth less on a machine that others use too. Where the run
has measured what share of it was left to the shop (machine.py), only that share counts.
"""

from services.gateway.routing import load_routes

GRACE = 2.0  # seconds: breakers close and addresses are found again after an outage
ENOUGH = 0.7  # share of the machine below which a time-out says nothing about the shop
# What each public operation needs to be up (I12); whatever is not named may be down.
LOOKS = {
    f"GET {route.path}": route.service
    for route in load_routes()
    if "GET" in route.methods and "<" not in route.path and not route.path.startswith("/auth/")
}
NEEDS = {
    **{operation: {service} for operation, service in LOOKS.items()},
    "POST /orders": {"orders", "products"},
}


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
    """Whether a service it needs was down, or it came late while others had the machine."""
    if is_late(record) and share(account, invoked - GRACE, record.time) < ENOUGH:
        return True
    needs = NEEDS.get(record.operation, set()) | set(record.value.get("through", ()))
    return any(
        outage.service in needs
        and outage.since <= record.time
        and own_seconds(account, outage.until, invoked) <= GRACE
        for outage in account.outages
    )


def is_late(record):
    """Whether time ran out. An open circuit is no lateness: it is the shop that refused."""
    return record.value.get("status") == 504 or "Timeout" in str(record.value.get("error"))


def i13_recovery(history, account):
    """Everything is quiet again within the limit after the last fault."""
    if account.recovery_limit is None or account.last_fault is None:
        return
    if account.settled is None:
        yield "boutique", "elle n’est jamais redevenue calme"
        return
    seconds = own_seconds(account, account.last_fault, account.settled)
    if seconds > account.recovery_limit:
        yield "boutique", f"calme après {seconds:.1f} s, au lieu de {account.recovery_limit:.0f} s"


def own_seconds(account, since, until):
    """Seconds between two moments, as many as the shop would have needed alone; 0 if reversed."""
    return (until - since) * share(account, since, until) if since < until else 0.0


def share(account, since, until):
    """What share of the machine was ours between two moments; all of it where nobody measured."""
    parts = [
        (min(until, end) - max(since, start), ours)
        for start, end, ours in account.machine
        if start < until and since < end
    ]
    measured = sum(seconds for seconds, _ in parts)
    return sum(seconds * ours for seconds, ours in parts) / measured if measured else 1.0
