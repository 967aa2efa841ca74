# change of: solution
# feedback: route=/reviews/LAMP | route=/reviews/<sku>
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = request.path
