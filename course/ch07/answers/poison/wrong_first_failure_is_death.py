# change of: solution
# feedback: lettres mortes après 1 essai | passagère
-        channel.basic_reject(method.delivery_tag, requeue=True)
+        channel.basic_reject(method.delivery_tag, requeue=False)
