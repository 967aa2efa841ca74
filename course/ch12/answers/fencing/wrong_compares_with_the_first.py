# feedback: rend True | endormi
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        first = self.rows.get(sku, [None, token])[1]
        if token < first:
            return False
        self.rows[sku] = [price, first]
        return True

    def read(self, sku):
        return self.rows[sku][0] if sku in self.rows else None
