# feedback: redémarrage | endormi
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        self.tokens = getattr(self, "tokens", {})
        if token < self.tokens.get(sku, token):
            return False
        self.tokens[sku] = token
        self.rows[sku] = price
        return True

    def read(self, sku):
        return self.rows.get(sku)
