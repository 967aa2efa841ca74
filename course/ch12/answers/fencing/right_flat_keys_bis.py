class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        try:
            stale = self.rows[f"{sku}/token"] > token
        except KeyError:
            stale = False
        if not stale:
            self.rows[f"{sku}/token"] = token
            self.rows[f"{sku}/price"] = price
        return not stale

    def read(self, sku):
        return self.rows.get(f"{sku}/price")
