# change of: solution
# feedback: tué juste avant la ligne | en a oublié
# mistake: acquitte(nt) avant le travail
-    channel.basic_consume(QUEUE, on_message)
+    channel.basic_consume(QUEUE, on_message, auto_ack=True)

-    channel.basic_ack(method.delivery_tag)
