# feedback: n’a pas reçu | order.created
# mistake: écri(t|vent) un motif qu’AMQP ne connaît pas
# takes > from NATS for the end of the key: RabbitMQ reads it as a word, no order event comes.
binding_keys = ["order.>", "payment.failed"]
