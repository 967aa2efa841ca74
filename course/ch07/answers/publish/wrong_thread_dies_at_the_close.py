# change of: right_publisher_thread
# feedback: Erreur dans votre code | Empty | publish
-            with contextlib.suppress(pika.exceptions.AMQPError):
-                connection.close()
+            connection.close()
