"""Health: the probes for liveness and readiness.

    GET /health/live    200 as long as the process can answer: never depends on anything else
    GET /health/ready   200, or 503 with what is missing: send me no requests for now

A liveness that depended on RabbitMQ would have every service killed because the broker restarts
(Kubernetes, "Liveness, Readiness and Startup Probes").
"""

from flask import Blueprint

from services.chassis import settings
from services.chassis.lifecycle import lifecycle
from services.chassis.problems import Problem

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
def live():
    return {"status": "ok", "service": settings.service_name(), "instance": settings.instance()}


@blueprint.get("/health/ready")
def ready():
    reasons = lifecycle.reasons()
    if reasons:
        raise Problem(503, " ".join(reasons.values()), reasons=reasons)
    return {"status": "ready", "service": settings.service_name(), "instance": settings.instance()}
