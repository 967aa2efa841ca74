# feedback: name renommé | mourrait
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    price = body.get("price_cents")
    return type(price) is int and price >= 0
