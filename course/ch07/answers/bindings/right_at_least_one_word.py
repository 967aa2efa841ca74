# order.*.# asks for one word or more after order.
binding_keys = ["payment.failed", "order.*.#"]
