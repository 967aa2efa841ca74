class Copy:
    """Un journal : rien n’est écrasé, on cherche le plus récent à la lecture."""

    def __init__(self):
        self.journal = []

    def on_event(self, event):
        if event not in self.journal:
            self.journal.append(event)

    def name(self, customer):
        mine = [event for event in self.journal if event["customer"] == customer]
        return max(mine, key=lambda event: event["version"]).get("name") if mine else None
