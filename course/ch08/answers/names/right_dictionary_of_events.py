class Copy:
    """Garde, par client, le dernier événement utile : une suppression y reste."""

    def __init__(self):
        self.latest = {}

    def on_event(self, event):
        known = self.latest.get(event["customer"])
        if known is None or known["version"] < event["version"]:
            self.latest[event["customer"]] = event

    def name(self, customer):
        event = self.latest.get(customer)
        if event is None or event["type"] == "CUSTOMER_DELETED":
            return None
        return event["name"]
