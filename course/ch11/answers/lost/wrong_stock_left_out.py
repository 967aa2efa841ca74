# change of: solution
# feedback: GET /quotes/LAMP a répondu 200 | ni le prix ni le stock
-        "available": stock.result()["available"],
+        "available": None,
