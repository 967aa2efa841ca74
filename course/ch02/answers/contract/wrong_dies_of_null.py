# feedback: AttributeError
def keeps_promise(status, body):
    if status != 200:
        return False
    name, price = body.get("name"), body.get("price_cents")
    return isinstance(name, str) and name != "" and type(price) is int and price >= 0
