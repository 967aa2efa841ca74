# a useless key besides order.#: a queue bound twice receives one copy.
binding_keys = ["order.created", "order.confirmed"]
binding_keys += ["order.#", "payment.failed"]
