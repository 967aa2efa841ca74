# change of: solution
# feedback: rompant la connexion au milieu | ChunkedEncodingError
-    except requests.RequestException:
-        return 502, "Le service Utilisateurs a rompu la connexion."
