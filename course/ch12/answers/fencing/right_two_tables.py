class Shelf:
    def __init__(self, rows):
        self.rows = rows
        self.prices = rows.setdefault("prices", {})
        self.tokens = rows.setdefault("tokens", {})

    def write(self, sku, price, token):
        if token < self.tokens.get(sku, token):
            return False
        self.prices[sku], self.tokens[sku] = price, token
        return True

    def read(self, sku):
        return self.prices.get(sku)
