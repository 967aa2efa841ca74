# change of: solution
# feedback: ChunkedEncodingError
-        except requests.RequestException:
+        except (requests.ConnectionError, requests.Timeout):
