"""Commands: what the saga asks of the other services, and how it reads their answers.

Each is idempotent at its participant and carries a key made of the order and the step, the same
at every attempt: an answer that got lost is had by asking again. (A key made fresh for each
attempt looks like idempotency, and charges twice.)
"""

from collections import namedtuple

from services.chassis.calls import Unavailable, service

Command = namedtuple("Command", "participant method path body refusal", defaults=(None, None))


def what_to_reserve(order):
    return {"items": [{"sku": i["sku"], "quantity": i["quantity"]} for i in order.items]}


def what_to_charge(order):
    return {"amount_cents": order.total_cents, "card": order.card}


COMMANDS = {
    "reserve": Command("inventory", "PUT", "/reservations/{id}", what_to_reserve, refusal=409),
    "charge": Command("payments", "PUT", "/charges/{id}", what_to_charge, refusal=402),
    "confirm": Command("inventory", "POST", "/reservations/{id}/confirmation"),
    "refund": Command("payments", "PUT", "/refunds/{id}"),
    "release": Command("inventory", "DELETE", "/reservations/{id}"),
}


def send(name, order):
    """Send one command and return its outcome, "done" or "refused", and the detail of a refusal.

    Raises Unavailable when the outcome is not known. Only the one status that means "no" is a
    refusal: any other answer says something about the participant, not about the order, and the
    command will be sent again.
    """
    command = COMMANDS[name]
    response = service(command.participant).request(
        command.method,
        command.path.format(id=order.id),
        json=command.body and command.body(order),
        timeout=1.0,
        idempotency_key=f"{order.id}:{name}",
    )
    if response.ok:
        return "done", None
    if response.status_code == command.refusal:
        return "refused", detail_of(response)
    detail = f"{command.participant} a répondu {response.status_code}."
    raise Unavailable(command.participant, detail)


def detail_of(response):
    """The `detail` of a problem document (RFC 9457), None if the answer is not one."""
    try:
        return response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return None
