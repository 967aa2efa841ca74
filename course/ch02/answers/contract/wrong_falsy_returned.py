# feedback: True
def keeps_promise(status, body):
    return (
        status == 200
        and isinstance(body, dict)
        and body.get("name")
        and isinstance(body["name"], str)
        and type(body.get("price_cents")) is int
        and body["price_cents"] >= 0
        and body
    )
