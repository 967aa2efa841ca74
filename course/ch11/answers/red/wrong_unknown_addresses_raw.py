# change of: solution
# feedback: 20 adresses qui n’existent pas | séries de plus
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = request.url_rule.rule if request.url_rule else request.path
