# feedback: Un autre article | 'price_cents': 0
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    return bool(name and price) and isinstance(name, str) and type(price) is int and price > 0
