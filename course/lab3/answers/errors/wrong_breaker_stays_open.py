# change of: solution
# feedback: Products répond 404 | 503
-import sqlite3
+import sqlite3
+import time

-app = Flask(__name__)
+app = Flask(__name__)
+closed_until = [0.0]

-    price = price_of(order["sku"])
+    if time.monotonic() < closed_until[0]:
+        abort(503)
+    try:
+        price = price_of(order["sku"])
+    except Exception:
+        closed_until[0] = time.monotonic() + 5
+        raise
