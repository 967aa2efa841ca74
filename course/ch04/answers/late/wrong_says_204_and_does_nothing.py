# change of: solution
# feedback: l’ancien se désinscrit : réponse 204 | toujours inscrit
-    require(name, int(request.args["lease"]))
-    del table[name]
+    if name in table and table[name]["lease"] == int(request.args["lease"]):
+        del table[name]
