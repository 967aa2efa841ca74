class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def write(self, sku, price, token):
        row = self.rows.setdefault(sku, {"price": None, "token": None})
        fresh = row["token"] is None or token >= row["token"]
        if fresh:
            row.update(price=price, token=token)
        return fresh

    def read(self, sku):
        return self.rows.get(sku, {}).get("price")
