from collections import defaultdict


class Copy:
    """Les noms d’un côté, les versions vues de l’autre ; effacer un nom garde sa version."""

    def __init__(self):
        self.names = {}
        self.seen = defaultdict(int)

    def on_event(self, event):
        customer, version = event["customer"], event["version"]
        if version <= self.seen[customer]:
            return
        self.seen[customer] = version
        if event["type"] == "CUSTOMER_DELETED":
            self.names.pop(customer, None)
        else:
            self.names[customer] = event["name"]

    def name(self, customer):
        return self.names.get(customer)
