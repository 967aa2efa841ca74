# feedback: champs de plus | demander à la caisse
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    if set(body) != {"sku", "name", "price_cents", "description", "tags"}:
        return False
    name, price = body["name"], body["price_cents"]
    return isinstance(name, str) and name != "" and type(price) is int and price >= 0
