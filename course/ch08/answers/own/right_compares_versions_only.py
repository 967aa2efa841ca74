class OwnReader:
    """Deux dictionnaires ; sans écriture, la version demandée est 0."""

    def __init__(self, ask):
        self.ask = ask
        self.names, self.versions = {}, {}

    def on_event(self, event):
        self.names[event["customer"]] = event["name"]
        self.versions[event["customer"]] = event["version"]

    def read(self, customer, written):
        wanted = written["version"] if written else 0
        if self.versions.get(customer, -1) >= wanted:
            return self.names[customer]
        return self.ask(customer)["name"]
