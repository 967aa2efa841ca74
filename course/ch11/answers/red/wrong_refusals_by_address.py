# change of: solution
# feedback: route=/reviews/ABSENT | route=/reviews/<sku> status=404
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = request.url_rule.rule if response.status_code == 200 else request.path
