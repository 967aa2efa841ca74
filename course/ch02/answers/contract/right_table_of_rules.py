RULES = {
    "name": lambda value: type(value) is str and len(value) > 0,
    "price_cents": lambda value: type(value) is int and value >= 0,
}


def keeps_promise(status, body):
    return (
        status == 200
        and isinstance(body, dict)
        and all(field in body and rule(body[field]) for field, rule in RULES.items())
    )
