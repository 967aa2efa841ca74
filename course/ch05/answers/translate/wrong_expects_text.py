# change of: right_urllib
# feedback: des octets qui ne sont pas du texte | UnicodeDecodeError
# mistake: laisse(nt) sortir l’erreur d’un corps illisible
-        except (ValueError, KeyError):
+        except (json.JSONDecodeError, KeyError):
