# change of: solution
# feedback: le message est revenu dans la file
# mistake: n’acquitte(nt) jamais
-    channel.basic_qos(prefetch_count=1)

-    else:
-        channel.basic_ack(method.delivery_tag)
