# change of: right_published_once
# feedback: et rien n’arrive
-        publier({"type": "RETURN_REQUESTED", "return_id": nom, **demande})
-        sql("INSERT OR IGNORE INTO publies VALUES (?)", commande)
+        sql("INSERT OR IGNORE INTO publies VALUES (?)", commande)
+        publier({"type": "RETURN_REQUESTED", "return_id": nom, **demande})
