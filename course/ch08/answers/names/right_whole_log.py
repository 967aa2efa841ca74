class Copy:
    """Garde tout, et réfléchit à la lecture."""

    def __init__(self):
        self.log = []

    def on_event(self, event):
        self.log.append(dict(event))

    def name(self, customer):
        """Le nom du client, ou None."""
        mine = [event for event in self.log if event["customer"] == customer]
        if not mine:
            return None
        last = max(mine, key=lambda event: event["version"])
        if last["type"] == "CUSTOMER_DELETED":
            return None
        return last["name"]
