# feedback: rend True | endormi
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        old = self.rows.get(sku, [None, token])
        accepted = token >= old[1]
        self.rows[sku] = [price if accepted else old[0], token]
        return accepted

    def read(self, sku):
        return self.rows[sku][0] if sku in self.rows else None
