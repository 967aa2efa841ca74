# feedback: rend None | le dernier qui a été accepté
class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        if sku in self.rows and token < self.rows[sku][1]:
            return False
        self.rows[sku] = [price, token]
        return True

    def read(self, sku):
        return (self.rows.get(sku) or [None])[0] or None
