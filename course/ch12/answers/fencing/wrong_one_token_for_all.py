# feedback: MUG | rend False | ne pourrait plus travailler
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        if token < self.rows.get("token", token):
            return False
        self.rows["token"] = token
        self.rows[sku] = price
        return True

    def read(self, sku):
        return self.rows.get(sku)
