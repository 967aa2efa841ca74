# change of: solution
# feedback: route=show_reviews | route=/reviews/<sku>
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = request.endpoint or "inconnue"
