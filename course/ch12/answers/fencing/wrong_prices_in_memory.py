# feedback: redémarrage | rend None
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        self.prices = getattr(self, "prices", {})
        if token < self.rows.get(sku, token):
            return False
        self.rows[sku] = token
        self.prices[sku] = price
        return True

    def read(self, sku):
        return getattr(self, "prices", {}).get(sku)
