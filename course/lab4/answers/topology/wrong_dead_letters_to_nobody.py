# change of: solution
# feedback: a rejeté | rien n’est arrivé
-    dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"}
+    dead_letters = {"x-dead-letter-exchange": ""}
