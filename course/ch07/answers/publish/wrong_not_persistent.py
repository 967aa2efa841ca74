# change of: solution
# feedback: annoncés sûrs | perdus | sur le disque
# mistake: ne demande(nt) pas que le message soit gardé sur le disque
-        delivery_mode=pika.DeliveryMode.Persistent, content_type="application/json"
+        content_type="application/json"
