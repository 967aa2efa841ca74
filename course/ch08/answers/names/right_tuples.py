class Copy:
    """Les noms des clients, tels que leurs événements les disent."""

    def __init__(self):
        self._latest = {}  # customer -> (version, nom ou None)

    def on_event(self, event):
        customer, version = event["customer"], event["version"]
        if customer in self._latest and self._latest[customer][0] >= version:
            return
        deleted = event["type"] == "CUSTOMER_DELETED"
        self._latest[customer] = (version, None if deleted else event["name"])

    def name(self, customer):
        """Le nom du client, ou None."""
        return self._latest.get(customer, (0, None))[1]
