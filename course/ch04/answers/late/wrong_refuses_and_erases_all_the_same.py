# change of: solution
# feedback: l’ancien se désinscrit | personne ne le trouve
-    require(name, int(request.args["lease"]))
-    del table[name]
+    gone = table.pop(name, {"lease": None})
+    if gone["lease"] != int(request.args["lease"]):
+        abort(409)
