class Shelf:
    """Les prix en rayon, protégés des écritures périmées."""

    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        if sku in self.rows and self.rows[sku][1] > token:
            return False
        self.rows[sku] = [price, token]
        return True

    def read(self, sku):
        return self.rows[sku][0] if sku in self.rows else None
