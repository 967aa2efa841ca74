# change of: solution
# feedback: Un article déjà vendu | jamais donné
-app = Flask(__name__)
+app = Flask(__name__)
+known = {}

-    price = price_of(order["sku"])
+    try:
+        price = known[order["sku"]] = price_of(order["sku"])
+    except Exception:
+        if order["sku"] not in known:
+            raise
+        price = known[order["sku"]]
