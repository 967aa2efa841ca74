# change of: solution
# feedback: database is locked
-        "base": "stock.db",
+        "base": "./Catalogue.db",
