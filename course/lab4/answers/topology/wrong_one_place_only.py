# change of: solution
# feedback: que personne n'a rejetées | 3 dans
-    dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"}
+    dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"}
+    dead_letters["x-max-length"] = 1
