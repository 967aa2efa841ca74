class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        old = self.rows.get(sku, (None, float("-inf")))
        accepted = max(old[1], token) == token
        self.rows[sku] = (price, token) if accepted else old
        return accepted

    def read(self, sku):
        price, _ = self.rows.get(sku, (None, None))
        return price
