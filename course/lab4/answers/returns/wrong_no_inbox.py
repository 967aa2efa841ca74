# change of: solution
# feedback: remis en stock
-        if added.rowcount:
-            put_back(event)
+        put_back(event)
