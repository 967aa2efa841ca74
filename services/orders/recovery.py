"""Recovery: no order stays PENDING because a process died or a participant was out.

Every half second, whatever waits for a runner is carried further: the sagas whose holder is dead,
those that were put to rest because a participant did not answer, those whose time is up.
"""

from concurrent.futures import ThreadPoolExecutor

from services.chassis import telemetry
from services.orders import lease

PERIOD = 0.5  # seconds
RUNNERS = 4  # sagas carried at once: after an outage there may be hundreds


def install(app, flow):
    app.on_start(lease.inherit)
    app.every(PERIOD, lambda: recover(flow))


def recover(flow):
    """Carry all that waits, once, each order in the trace of the request that placed it."""

    def carry(saga):
        with (
            telemetry.correlated(saga.trace.get("x-correlation-id")),
            telemetry.span(
                "resume saga", attributes={"order.id": saga.order_id}, headers=saga.trace
            ),
        ):
            flow.run(saga.order_id)

    with ThreadPoolExecutor(RUNNERS) as runners:
        list(runners.map(carry, lease.due()))
