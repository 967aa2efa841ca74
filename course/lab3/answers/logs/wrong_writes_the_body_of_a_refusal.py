# change of: solution
# feedback: est dans le journal | sauf la carte
-    if type(quantity) is not int or quantity < 1:
+    if type(quantity) is not int or quantity < 1:
+        print(json.dumps({"event": "order.wrong", "body": body}) + "\n", end="", flush=True)
