class Shelf:
    """Un journal des écritures acceptées, relu à chaque fois."""

    def __init__(self, rows):
        self.rows = rows

    def _history(self, sku):
        return [entry for entry in self.rows.get("log", []) if entry["sku"] == sku]

    def write(self, sku, price, token):
        if any(entry["token"] > token for entry in self._history(sku)):
            return False
        self.rows.setdefault("log", []).append({"sku": sku, "price": price, "token": token})
        return True

    def read(self, sku):
        history = self._history(sku)
        return history[-1]["price"] if history else None
