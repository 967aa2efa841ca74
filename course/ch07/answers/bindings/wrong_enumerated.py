# feedback: Un nouvel événement | présente ou à venir
# mistake: énumère(nt) les événements d’aujourd’hui
binding_keys = [
    "order.created",
    "order.confirmed",
    "order.rejected",
    "order.cancelled",
    "payment.failed",
]
