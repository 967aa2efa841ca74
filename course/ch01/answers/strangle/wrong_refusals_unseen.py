# change of: solution
# feedback: ayant refusé | 404
-            if not new.put(f"/stock/{sku}", {"available": available}).ok:
-                return False
+            new.put(f"/stock/{sku}", {"available": available})
