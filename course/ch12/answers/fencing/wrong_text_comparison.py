# feedback: True
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        row = self.rows.get(sku)
        if row and row["token"] > str(token):
            return False
        self.rows[sku] = {"price": price, "token": str(token)}
        return True

    def read(self, sku):
        row = self.rows.get(sku)
        return row["price"] if row else None
