# feedback: False
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        row = self.rows.get(sku)
        if row is not None:
            if token < row[1]:
                return False
            if row[0] == price:
                return True  # rien à écrire
        self.rows[sku] = [price, token]
        return True

    def read(self, sku):
        row = self.rows.get(sku)
        return None if row is None else row[0]
