# change of: right_python_dict_with_swagger_files
# feedback: $ref | Problem | n’y est pas
# mistake: renvoie(nt) à un schéma qui n’existe pas
-ERREUR = {"$ref": "#/components/schemas/Error"}
+ERREUR = {"$ref": "#/components/schemas/Problem"}
