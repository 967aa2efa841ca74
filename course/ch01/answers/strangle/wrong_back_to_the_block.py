# change of: right_moves_back_on_failure
# feedback: ayant refusé
-            facade.put("/facade/routes/stock", {"service": "ancien"})
+            facade.put("/facade/routes/stock", {"service": "monolith"})
