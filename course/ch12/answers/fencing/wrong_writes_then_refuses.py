# feedback: le dernier qui a été accepté
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        old = self.rows.get(sku, [None, token])
        self.rows[sku] = [price, max(token, old[1])]
        return token >= old[1]

    def read(self, sku):
        return self.rows[sku][0] if sku in self.rows else None
