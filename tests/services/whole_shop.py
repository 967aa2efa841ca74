"""The ten services as processes, without a notebook: the order's six, and the shop around them."""

import json

from order_shop import OrderShop
from ports import free_port

AROUND = ("gateway", "users", "registry")


class WholeShop(OrderShop):
    """An OrderShop with its gateway, users and registry."""

    def __init__(self, **env):
        super().__init__(**env)
        self.ports |= {name: free_port() for name in AROUND}
        self.env["PEERS"] = json.dumps({name: [self.url(name)] for name in self.ports})

    def start(self, *names, **env):
        return super().start(*(names or self.ports), **env)
