# change of: solution
# feedback: annoncés sûrs | perdus | sur le disque
-        delivery_mode=pika.DeliveryMode.Persistent, content_type="application/json"
+        content_type="application/json"
