# %% [markdown]
# # Un service à vous

# %% tags=["setup"]
from workbook import check

# %% answer="lab9.rooms"
# %%service rooms
from flask import Flask, abort

app = Flask("rooms")
ROOMS = ["bleue", "verte"]


@app.get("/rooms")
def list_rooms():
    ### BEGIN SOLUTION
    return {"rooms": ROOMS}
    ### END SOLUTION


@app.get("/rooms/<name>")
def show_room(name):
    ### BEGIN SOLUTION
    if name not in ROOMS:
        abort(404)
    return {"name": name}
    ### END SOLUTION


# %% check="lab9.rooms"
check("lab9.rooms")
