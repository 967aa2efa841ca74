# change of: right_abort
# feedback: price_cents | un entier
# mistake: donne(nt) un prix à virgule
-    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990},
-    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 990},
+    "LAMP": {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 39.90},
+    "MUG": {"sku": "MUG", "name": "Tasse", "price_cents": 9.90},
