# feedback: rend True | False | endormi
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        self.rows[sku] = price
        return True

    def read(self, sku):
        return self.rows.get(sku)
