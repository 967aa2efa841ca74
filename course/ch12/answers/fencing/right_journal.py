class Shelf:
    """Toutes les écritures acceptées ; l’état s’en déduit."""

    def __init__(self, rows):
        self.journal = rows.setdefault("journal", [])

    def of(self, sku):
        return [line for line in self.journal if line[0] == sku]

    def write(self, sku, price, token):
        if any(line[2] > token for line in self.of(sku)):
            return False
        self.journal.append([sku, price, token])
        return True

    def read(self, sku):
        return next((line[1] for line in reversed(self.of(sku))), None)
