binding_keys = {"order.#", "order.*", "order.created", "payment.failed"}
