# change of: right_python_dict_with_swagger_files
# feedback: 39.9 | integer
-            "Product": ARTICLE,
+            "Product": {
+                **ARTICLE,
+                "properties": {**ARTICLE["properties"], "price_cents": {"type": "number", "minimum": 0}},
+            },
