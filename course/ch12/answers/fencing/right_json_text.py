import json


class Shelf:
    def __init__(self, rows):
        self.rows = rows

    def _load(self, sku):
        text = self.rows.get("sku:" + str(sku))
        return json.loads(text) if text is not None else None

    def write(self, sku, price, token):
        old = self._load(sku)
        if old is not None and old["jeton"] > token:
            return False
        self.rows["sku:" + str(sku)] = json.dumps({"prix": price, "jeton": token})
        return True

    def read(self, sku):
        old = self._load(sku)
        return None if old is None else old["prix"]
