# change of: right_python_dict_with_swagger_files
# feedback: 39.9 | integer
# mistake: perme(t|ttent) un prix à virgule dans le document
-            "Product": ARTICLE,
+            "Product": {
+                **ARTICLE,
+                "properties": {**ARTICLE["properties"], "price_cents": {"type": "number", "minimum": 0}},
+            },
