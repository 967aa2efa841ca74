# change of: right_python_dict_with_swagger_files
# feedback: ne déclare pas son paramètre
# mistake: ne déclare(nt) pas le paramètre du chemin
-            "parameters": [
-                {
-                    "name": "sku",
-                    "in": "path",
-                    "required": True,
-                    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
-                }
-            ],
