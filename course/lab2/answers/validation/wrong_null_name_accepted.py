# change of: right_dictionary_of_faults
# feedback: nul (null) | répond 201
# mistake: accepte(nt) un nom nul
-    fautes = {}
+    fautes = {champ: "ce champ manque" for champ in ("sku", "name", "price_cents") if champ not in corps}

-        if not isinstance(corps.get(champ), str) or not corps[champ]:
+        texte = corps.get(champ)
+        if texte is not None and (not isinstance(texte, str) or texte == ""):

-    if type(prix) is not int or prix < 0:
+    if "price_cents" in fautes:
+        pass
+    elif type(prix) is not int or prix < 0:
