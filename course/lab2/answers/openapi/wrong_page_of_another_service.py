# change of: right_python_dict_with_swagger_files
# feedback: ne parle pas du document
# mistake: montre(nt) la page d’un autre document
-  <script>SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui"});</script>
+  <script>SwaggerUIBundle({url: "petstore.json", dom_id: "#swagger-ui"});</script>
