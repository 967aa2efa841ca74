"""Ground: what all the runs stand on, started once."""

import math
import random
import secrets
import threading
import time
from pathlib import Path

import requests

from workbook.broker import Broker
from workbook.broker.node import is_free
from workbook.processes.credential import Credential
from workbook.processes.launcher import Launcher

from .plans import SECONDS, Plan
from .world import World

PORTS = range(20_000, 30_000)  # never lent to a client: who is restarted finds its own free again
TOKEN_SECONDS = 60


class Ground:
    """What the runs share: a launcher, a broker, and the two services that no run disturbs."""

    def __init__(self, say=lambda text: None):
        self.launcher = Launcher()
        self.password, self.credential = secrets.token_urlsafe(12), Credential()
        self._tokens, self._ports = {}, iter(random.sample(PORTS, len(PORTS)))
        self._lock = threading.Lock()
        try:
            self.broker = Broker.start(run_folder=Path(self.launcher.run_folder), progress=say)
            self.base = self._open_base()
            self.prices = self._read_prices()
        except BaseException:
            self.launcher.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.base.close()
        self.broker.close()
        self.launcher.close()

    def _open_base(self):
        base = World(self, Plan("base", services=("auth", "products")), peers={})
        base.start(*base.plan.services)
        return base

    def _read_prices(self):
        """What the catalogue asks for each article: {sku: cents}."""
        page = requests.get(f"{self.base.url('products')}/products?limit=100", timeout=SECONDS)
        return {product["sku"]: product["price_cents"] for product in page.json()["products"]}

    def free_port(self):
        with self._lock:
            return next(port for port in self._ports if is_free(port))

    def token(self, world, user):
        """A token of that user, from the auth service that the world trusts."""
        auth = world.url("auth")
        with self._lock:
            token, since = self._tokens.get((auth, user), (None, -math.inf))
            if time.monotonic() - since > TOKEN_SECONDS:
                account = {"username": user, "password": self.password}
                answer = requests.post(f"{auth}/login", json=account, timeout=SECONDS)
                token = answer.json()["access_token"]
                self._tokens[auth, user] = token, time.monotonic()
        return token
