PROMISES = {
    "name": lambda value: type(value) == str and value != "",
    "price_cents": lambda value: type(value) == int and not value < 0,
}


def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    return (
        status == 200
        and isinstance(body, dict)
        and all(field in body and rule(body[field]) for field, rule in PROMISES.items())
    )
