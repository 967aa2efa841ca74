# change of: solution
# feedback: 404 | épuisé
-            if not new.put(f"/stock/{sku}", {"available": available}).ok:
+            if available and not new.put(f"/stock/{sku}", {"available": available}).ok:
