"""The registry knows which instances of which service are alive, and where.

    PUT    /instances/<service>/<instance>   register, and get a lease; then a heartbeat a second
    DELETE /instances/<service>/<instance>   leave, on a clean stop
    GET    /instances/<service>              the live instances of one service
    GET    /instances                        those of every service

Only the shop's own processes may write (credential.py): who can register receives the others'
tokens, and answers in their name. Among them, a name belongs to whoever registered last: heartbeats
and farewells give their lease, and an older one is refused with 409.

An instance without a heartbeat for INSTANCE_TTL seconds is forgotten: after kill -9, none leaves.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis import Problem, create_service, settings
from services.chassis.credential import require_credential
from services.chassis.problems import translates
from services.registry.instances import Instances, Replaced, Unregistered

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Url = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,255}$")]

app = create_service("registry", openapi=True)
instances = Instances(ttl=settings.number("INSTANCE_TTL", 3))


class ServicePath(BaseModel):
    service: Name


class InstancePath(ServicePath):
    instance: Name


class Registration(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: Url
    lease: Annotated[int | None, Field(strict=True, ge=1, description="d’un battement")] = None


class Departure(BaseModel):
    lease: Annotated[int, Field(ge=1)]


class Instance(InstancePath):
    url: Url
    expires_in: Annotated[float, Field(description="secondes")]


class Registered(Instance):
    lease: Annotated[int, Field(description="à rappeler à chaque battement, et en partant")]


class InstanceList(BaseModel):
    instances: list[Instance]


@app.put("/instances/<service>/<instance>", responses={200: Registered, 201: Registered})
@require_credential
def register(path: InstancePath, body: Registration):
    """Inscrit une instance, ou, avec son bail, prolonge son inscription."""
    lease, is_new = body.lease, False
    if lease is None:
        lease, is_new = instances.register(path.service, path.instance, body.url)
    else:
        instances.renew(path.service, path.instance, body.url, lease)
    entry = {**path.model_dump(), "url": body.url, "expires_in": instances.ttl, "lease": lease}
    return entry, 201 if is_new else 200


@app.delete("/instances/<service>/<instance>", responses={204: None})
@require_credential
def leave(path: InstancePath, query: Departure):
    """Retire une instance tout de suite."""
    instances.leave(path.service, path.instance, query.lease)
    return "", 204


@app.get("/instances/<service>", responses={200: InstanceList})
def list_instances(path: ServicePath):
    """Les instances vivantes d’un service."""
    return {"instances": instances.live(path.service)}


@app.get("/instances", responses={200: InstanceList})
def list_all_instances():
    """Toutes les instances vivantes."""
    return {"instances": instances.live()}


@translates(Replaced)
def refuse_the_replaced(_):
    """Ce nom est à un autre processus."""
    return Problem(409, "Un autre processus s’est inscrit sous ce nom depuis : ce bail est fini.")


@translates(Unregistered)
def refuse_the_unregistered(_):
    """Il faut s’inscrire avant de battre."""
    return Problem(404, "Personne n’est inscrit sous ce nom : il faut s’inscrire de nouveau.")
