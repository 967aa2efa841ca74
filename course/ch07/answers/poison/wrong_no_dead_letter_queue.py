# change of: right_retries_in_place
# feedback: factures.commandes.dead » n’existe pas
# mistake: ne déclare(nt) pas la file des lettres mortes
-channel.exchange_declare("rebut", "fanout", durable=True)
-channel.queue_declare(DEAD, durable=True)
-channel.queue_bind(DEAD, "rebut")
-channel.queue_declare(QUEUE, durable=True, arguments={"x-dead-letter-exchange": "rebut"})
+channel.queue_declare(QUEUE, durable=True)
