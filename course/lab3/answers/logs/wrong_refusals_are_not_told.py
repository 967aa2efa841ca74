# change of: solution
# feedback: order.refused
-    if request.method == "POST":
+    if request.method == "POST" and response.status_code == 201:
