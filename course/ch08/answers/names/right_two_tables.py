class Copy:
    """Deux tables : les noms vivants, et les versions, qui ne s’effacent jamais."""

    def __init__(self):
        self.names, self.versions = {}, {}

    def on_event(self, event):
        customer = event["customer"]
        try:
            stale = event["version"] <= self.versions[customer]
        except KeyError:
            stale = False
        if stale:
            return
        self.versions[customer] = event["version"]
        if event["type"] == "CUSTOMER_DELETED":
            self.names.pop(customer, None)
        else:
            self.names[customer] = event["name"]

    def name(self, customer):
        """Le nom du client, ou None."""
        return self.names.get(customer)
