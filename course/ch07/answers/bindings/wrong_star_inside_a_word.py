# feedback: n’a pas reçu | order.created
# mistake: écri(t|vent) un motif qu’AMQP ne connaît pas
# a star glued to a word is a plain character: order* matches no event, every order event is missed.
binding_keys = ["order*", "payment.failed"]
