# change of: solution
# feedback: le nouveau s’inscrit, l’ancien se désinscrit | le bon
-    require(name, int(request.args["lease"]))
-    del table[name]
+    table.pop(name, None)
