# feedback: 'Bob'
class Copy:
    def __init__(self):
        self.seen, self.latest = set(), {}

    def on_event(self, event):
        if event["version"] in self.seen:
            return
        self.seen.add(event["version"])
        if event["version"] > self.latest.get(event["customer"], (0, None))[0]:
            self.latest[event["customer"]] = (event["version"], event.get("name"))

    def name(self, customer):
        return self.latest.get(customer, (0, None))[1]
