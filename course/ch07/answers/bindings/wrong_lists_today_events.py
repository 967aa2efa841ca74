# feedback: Un nouvel événement | présente ou à venir
# mistake: énumère(nt) les événements d’aujourd’hui
# lists the events of today: an order event invented tomorrow is missed.
binding_keys = ["order.created", "order.confirmed", "order.cancelled", "order.rejected", "payment.failed"]
