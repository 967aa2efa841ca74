# change of: solution
# feedback: Products dit 3990 centimes | des entiers
-    return response.json()["price_cents"]
+    return response.json()["price_cents"] / 100
