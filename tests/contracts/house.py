"""A real consumer among stubs: every other service is made of the contracts that are about it."""

import base64
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from order_shop import OrderShop
from stub import Stub
from verifier import load

PROVIDERS = {interaction["provider"] for interaction in load() if "request" in interaction}
SCOPES = "orders:read orders:write products:write users:read"


class Issuer:
    """Signs tokens, in auth's place; auth's stub shows its public key."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        modulus = self.key.public_key().public_numbers().n.to_bytes(256, "big")
        self.values = {"kid": "stub", "n": base64.urlsafe_b64encode(modulus).decode().rstrip("=")}

    def token(self, audience, user="alice"):
        claims = {"iss": "auth", "aud": [audience], "sub": user, "scope": SCOPES}
        claims["exp"] = int(time.time()) + 600
        return jwt.encode(claims, self.key, "RS256", headers={"kid": "stub"})


class House(OrderShop):
    """Real services, started one by one, and a stub for each service that they may call."""

    def __init__(self, **env):
        self.issuer = Issuer()
        self.values = {"order_id": "not-yet", "lease": 7, **self.issuer.values}
        self.stubs = {name: Stub(**self.values) for name in PROVIDERS}
        peers = {name: [stub.url] for name, stub in self.stubs.items()}
        super().__init__(PEERS=json.dumps(peers), **env)
        self.ports |= {name: 0 for name in PROVIDERS - self.ports.keys()}

    def close(self):
        super().close()
        for stub in self.stubs.values():
            stub.close()

    def start(self, name, instance=None, **env):
        """The service as a process, listening on a port of its own choice; its base URL."""
        process = self.spawn(name, instance or f"{name}-{uuid.uuid4().hex[:6]}", 0, **env)
        address = self.await_line(process, event="listening")
        self.await_line(process, event="ready")
        self.processes[name] = process
        self.ports[name] = address["port"]
        return process

    def agree(self, consumer, **answers):
        """Put the stubs in a state: `inventory=["reserve what is there"]` is all it answers."""
        answers.setdefault("auth", []).append("public keys")
        for name, stub in self.stubs.items():
            stub.used.clear()
            stub.strangers.clear()
            stub.answers(*interactions(consumer, name, answers.get(name, ())))

    def token(self, user):
        raise NotImplementedError("each service asks for a token of its own audience")

    def ask(self, name, method, path, **options):
        """A request of alice to the real service called `name`."""
        headers = {"Authorization": f"Bearer {self.issuer.token(name)}"}
        return self.call(name, method, path, headers=headers, **options)


def interactions(consumer, provider, descriptions):
    """Those of one pair with these descriptions, in the order given."""
    pair = {
        interaction["description"]: interaction
        for interaction in load()
        if interaction["consumer"] in (consumer, "every_service")
        and interaction["provider"] == provider
    }
    return [pair[description] for description in descriptions]
