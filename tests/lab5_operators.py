"""Three people on call, scripted: an expert, one who does nothing, one who restarts everything."""

from http import HTTPStatus

from course.lab5.customers import REFUSAL
from course.lab5.stage import SERVICES
from course.lab5.wheel import Wheel
from workbook.waiting import patient, until

CHECKED = 200  # visits whose trace the expert looks at


def detect(wheel):
    """Wait until the incident has hurt somebody: which promise it broke, and its first customer.

    An expert tells it from the odd request that a machine too busy lets down.
    """
    wheel.until_hurt()

    with wheel._stage.crowd.outside():
        breaks = wheel._drawn.incident.breaks
        found = until(lambda: broken(wheel, breaks), patient(20), every=0.5)
    assert found, "no customer was hurt"
    return found[0]


def broken(wheel, promises):
    """The visits since the fault in which one of these promises is broken, as things stand."""
    since = wheel._planted_at
    return [v for v in wheel.visits() if v.at >= since and v.promise in promises and not v.kept]


def write_report(wheel):
    """What an expert writes after a look at the customers, the place and the traces."""
    first, drawn = detect(wheel), wheel._drawn
    shown = until(lambda: trace_of(wheel), patient(20), every=0.5)
    return wheel.report(
        what=first.promise,
        since=first.at,
        service=drawn.place.service,
        edge=drawn.place.edge,
        cause=drawn.incident.cause,
        trace=shown,
    )


def trace_of(wheel):
    """A trace of a customer's that shows the fault; None while there is none."""
    visits = [v for v in wheel.visits()[-CHECKED:] if v.trace and v.at >= wheel._planted_at]
    return next((v.trace for v in visits if wheel.shows(v.trace)), None)


def relieve(wheel):
    """The expert's first acts: they need not end the fault."""
    service = wheel._drawn.place.service
    RELIEFS.get(wheel._drawn.incident.name, Wheel.roll_back)(wheel, service)


def publish_the_key(wheel, service):
    """And have the gateway ask for it at once."""
    wheel.roll_back(service)
    wheel.restart("gateway")


def stop_the_leak(wheel, service):
    wheel.roll_back(service)
    release_what_was_kept(wheel)


RELIEFS = {
    "instance": lambda wheel, service: wheel.cut(f"{service}-2"),
    "guichet": lambda wheel, service: wheel.scale(service, 4),
    "poison": lambda wheel, service: wheel.scale(service, 2),
    "liaison": Wheel.restart,
    "disjoncteur": Wheel.restart,
    "verrou": lambda wheel, service: wheel.cut("migration"),
    "prix": lambda wheel, service: restore_price(wheel),
    "export": lambda wheel, service: wheel.disable("/orders"),
    "clé": publish_the_key,
    "compensation": stop_the_leak,
}


def repair(wheel):
    """Then what ends the fault, and mends what it left."""
    name, service = wheel._drawn.incident.name, wheel._drawn.place.service
    if name in {"instance", "guichet", "poison", "disjoncteur", "export"}:
        wheel.roll_back(service)
    if name == "export":
        wheel.enable("/orders")
    if name == "acquittement":
        wheel.replay("orders")
    if name == "compensation":
        release_what_was_kept(wheel)


def restore_price(wheel):
    """As an admin would, by the catalogue's own API."""
    shop = wheel._stage.shop
    shop.sign_in("admin")
    price = {"price_cents": wheel.price_list()["LAMP"]}
    assert shop["products"].patch("/products/LAMP", price).status_code == HTTPStatus.OK


def release_what_was_kept(wheel):
    """The reservations of the orders that were refused."""
    shop = wheel._stage.shop
    for visit in wheel.visits():
        if visit.promise == REFUSAL and visit.order:
            shop["inventory"].delete(f"/reservations/{visit.order}")


def expert(wheel):
    """Report, relief, repair; the score."""
    write_report(wheel)
    relieve(wheel)
    assert wheel.relieved(), wheel._stage.window().broken
    repair(wheel)
    return wheel.finish()


def restart_everything(wheel):
    """Turn it all off and on again."""
    for service in SERVICES:
        wheel.restart(service)
