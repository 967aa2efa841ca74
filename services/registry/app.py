"""The registry knows which instances of which service are alive, and where.

    PUT    /instances/<service>/<instance>   register, then a heartbeat a second: 201, then 200
    DELETE /instances/<service>/<instance>   leave, on a clean stop
    GET    /instances/<service>              the live instances of one service
    GET    /instances                        those of every service

Only the shop's own processes may write (credential.py): who can register receives the others'
tokens, and answers in their name.

An instance without a heartbeat for INSTANCE_TTL seconds is forgotten: after kill -9, none leaves.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis import create_service, settings
from services.chassis.credential import require_credential
from services.registry.instances import Instances

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]

app = create_service("registry", openapi=True)
instances = Instances(ttl=settings.number("INSTANCE_TTL", 3))


class ServicePath(BaseModel):
    service: Name


class InstancePath(ServicePath):
    instance: Name


class Registration(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,255}$")]


class Instance(Registration):
    service: Name
    instance: Name
    expires_in: Annotated[float, Field(description="secondes")]


class InstanceList(BaseModel):
    instances: list[Instance]


@app.put("/instances/<service>/<instance>", responses={200: Instance, 201: Instance})
@require_credential
def register(path: InstancePath, body: Registration):
    """Inscrit une instance, ou prolonge son inscription."""
    is_new = instances.register(path.service, path.instance, body.url)
    entry = {**path.model_dump(), "url": body.url, "expires_in": instances.ttl}
    return entry, 201 if is_new else 200


@app.delete("/instances/<service>/<instance>", responses={204: None})
@require_credential
def leave(path: InstancePath):
    """Retire une instance tout de suite."""
    instances.leave(path.service, path.instance)
    return "", 204


@app.get("/instances/<service>", responses={200: InstanceList})
def list_instances(path: ServicePath):
    """Les instances vivantes d’un service."""
    return {"instances": instances.live(path.service)}


@app.get("/instances", responses={200: InstanceList})
def list_all_instances():
    """Toutes les instances vivantes."""
    return {"instances": instances.live()}
