class Copy(dict):
    """Le plus grand couple (version, nom) ; les noms ne sont jamais comparés."""

    def on_event(self, event):
        match event:
            case {"type": "CUSTOMER_CHANGED", "customer": who, "version": version, "name": name}:
                self.keep(who, version, name)
            case {"customer": who, "version": version}:
                self.keep(who, version, None)

    def keep(self, who, version, name):
        self[who] = max(self.get(who, (-1, None)), (version, name), key=lambda pair: pair[0])

    def name(self, customer):
        return self[customer][1] if customer in self else None
