# change of: solution
# feedback: deux commandes | Le second client
     order = {"id": str(uuid.uuid4()), **asked()}
+    for (body,) in sql("SELECT body FROM orders"):
+        if json.loads(body)["sku"] == order["sku"]:
+            return json.loads(body), 201
