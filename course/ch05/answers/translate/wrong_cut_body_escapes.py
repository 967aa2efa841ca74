# change of: solution
# feedback: rompant la connexion au milieu | ChunkedEncodingError
# mistake: laisse(nt) échapper l’erreur d’un corps coupé
-    except requests.RequestException:
-        return 502, "Le service Utilisateurs a rompu la connexion."
