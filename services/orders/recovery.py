"""Recovery: no order stays PENDING because a process died or a participant was out.

Every half second, the sagas that wait for a runner are resumed: those whose holder is dead, those
that rest because a participant did not answer, those whose time is up.
"""

from concurrent.futures import ThreadPoolExecutor

from services.chassis import lifecycle, telemetry
from services.orders import runners

PERIOD = 0.5  # seconds
THREADS = 4  # sagas resumed at once: after an outage there may be hundreds


def schedule(flow):
    """Resume sagas from the start of the service to its stop."""
    lifecycle.on_start(runners.release_held)
    lifecycle.every(PERIOD, lambda: recover(flow))


def recover(flow):
    """Resume each saga that waits, once, in the trace of the request that placed its order."""

    def resume(saga):
        with (
            telemetry.correlated(saga.trace.get("x-correlation-id")),
            telemetry.span(
                "resume saga", attributes={"order.id": saga.order_id}, headers=saga.trace
            ),
        ):
            flow.run(saga.order_id)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(resume, runners.due()))
