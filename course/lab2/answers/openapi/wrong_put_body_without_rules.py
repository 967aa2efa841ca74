# change of: right_python_dict_with_swagger_files
# feedback: PUT | serait accepté | refusé par le document
# mistake: ne donne(nt) pas de règle au corps de PUT
             "put": {
                 "operationId": "put_product",
-                "requestBody": CORPS,
+                "requestBody": {"required": True, "content": contenu({"type": "object"})},
