# change of: solution
# feedback: /report a répondu | les secondes de cette requête-là
-    g.began = time.perf_counter()
+    pass

-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    g.began = time.perf_counter()
+    route = request.url_rule.rule if request.url_rule else "inconnue"
