# feedback: vaut 39.9 | mourrait
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    number = isinstance(price, (int, float)) and not isinstance(price, bool)
    return isinstance(name, str) and name != "" and number and price >= 0
