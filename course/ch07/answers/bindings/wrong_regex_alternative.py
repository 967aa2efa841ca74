# feedback: n’a pas reçu | order.created
# mistake: écri(t|vent) un motif qu’AMQP ne connaît pas
# one key with a bar, as in a regular expression: the bar is a plain character, nothing matches.
binding_keys = ["order.#|payment.failed"]
