# feedback: Un nouvel événement | présente ou à venir
binding_keys = [
    "order.created",
    "order.confirmed",
    "order.rejected",
    "order.cancelled",
    "payment.failed",
]
