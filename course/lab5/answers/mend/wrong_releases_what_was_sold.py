# change of: solution
# feedback: 409
-        if visit.promise == "refus" and visit.order:
-            shop["inventory"].delete(f"/reservations/{visit.order}")
+        if visit.order:
+            shop["inventory"].delete(f"/reservations/{visit.order}").raise_for_status()
