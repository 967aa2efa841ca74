# change of: solution
# feedback: « morts » disparaîtrait
-    dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"}
+    channel.exchange_declare("morts", "fanout")
+    channel.queue_bind("returns.dead", "morts")
+    dead_letters = {"x-dead-letter-exchange": "morts"}
