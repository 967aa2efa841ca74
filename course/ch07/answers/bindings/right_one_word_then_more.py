# one key for two-word events, another for the longer ones: disjoint and complete.
binding_keys = [
    "order.*",  # ORDER_CREATED
    "order.*.*.#",  # ORDER_PARTIALLY_REFUNDED et plus long
    "payment.failed",
]
