class Shelf:
    """Un prix et un jeton par article, côte à côte."""

    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        last = self.rows.get(f"{sku}.token")
        if last is not None and token < last:
            return False
        self.rows.update({f"{sku}.token": token, f"{sku}.price": price})
        return True

    def read(self, sku):
        return self.rows.get(f"{sku}.price")
