# order.# takes any number of words after order, and one exact key.
binding_keys = ["order.#", "payment.failed"]
