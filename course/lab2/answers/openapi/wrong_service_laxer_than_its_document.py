# change of: right_flask_openapi3_error_model
# feedback: écrit en texte | répond 201
# mistake: accepte(nt) ce que le document refuse
-    price_cents: int = Field(ge=0, strict=True)
+    price_cents: int = Field(ge=0)
