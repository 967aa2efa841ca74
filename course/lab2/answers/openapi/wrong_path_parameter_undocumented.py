# change of: right_python_dict_with_swagger_files
# feedback: ne déclare pas son paramètre
-            "parameters": [
-                {
-                    "name": "sku",
-                    "in": "path",
-                    "required": True,
-                    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
-                }
-            ],
