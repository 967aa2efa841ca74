# change of: right_insert_or_ignore
# feedback: votre worker tué | déjà acquittée
# mistake: acquitte(nt) avant d’avoir validé
 def on_message(channel, method, properties, body):
+    channel.basic_ack(method.delivery_tag)

-    channel.basic_ack(method.delivery_tag)
