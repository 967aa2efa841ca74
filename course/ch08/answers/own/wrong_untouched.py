# feedback: plus vieille que la mienne
import time


class OwnReader:
    def __init__(self, ask):
        self.ask, self.copy = ask, {}

    def on_event(self, event):
        self.copy[event["customer"]] = {**event, "copied_at": time.time()}

    def read(self, customer, written):
        known = self.copy.get(customer)
        if known and (written is None or known["copied_at"] >= written["at"]):
            return known["name"]
        return self.ask(customer)["name"]
