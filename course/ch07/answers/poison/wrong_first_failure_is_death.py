# change of: solution
# feedback: lettres mortes après 1 essai | passagère
# mistake: renonce(nt) trop tôt à un message
-        channel.basic_reject(method.delivery_tag, requeue=True)
+        channel.basic_reject(method.delivery_tag, requeue=False)
