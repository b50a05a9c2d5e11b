"""What schemathesis cannot make by itself: project folders as ZIPs, and rides between stops there are; and what it must leave alone: the user and key
it speaks with."""

import io
import json
import os
import re
import zipfile

import schemathesis
from hypothesis import strategies as st

NAMES = ["project.toml", "survey.csv", "sites.csv", "lots.csv", "roads.geojson", "firms.csv"]


@st.composite
def folders(draw):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES))):
            archive.writestr(zipfile.ZipInfo(name), draw(st.binary(max_size=200)))
    return out.getvalue()


schemathesis.openapi.media_type("application/zip", folders())
schemathesis.openapi.media_type("application/octet-stream", st.binary(min_size=1, max_size=2000))


@schemathesis.deserializer("application/octet-stream")
def octets(ctx, response):
    return response.content.decode("latin-1")


# Taking the session's own key or role away, or the furnished project, would end the session, not find a fault.
OWN = set(filter(None, os.environ.get("JIEBO_OWN", "").split(",")))


@schemathesis.hook
def before_call(context, case, kwargs):
    furnish(case)
    last = case.operation.path.rstrip("/").rpartition("/")[2].strip("{}")
    if case.method.upper() == "DELETE" and str((case.path_parameters or {}).get(last)) in OWN:
        case.path_parameters[last] = "own"


# Rides are those of another project than the furnished one; drawn stops and days would never get past "no such stop".
RIDE = json.loads(os.environ.get("JIEBO_RIDE", "null"))
RIDES = {"/v1/public/{project}/rides", "/v1/public/{project}/rides/ask", "/v1/projects/{project}/rides",
         "/v1/projects/{project}/rides/{date}/{offer}/{code}/cancellation"}


def furnish(case):
    """Names the project with rides, and in a wish what there is. Only where what was drawn is in order: what is wrong must stay wrong."""
    if not RIDE or case.operation.path not in RIDES:
        return
    if str((case.path_parameters or {}).get("project")) in OWN:
        case.path_parameters["project"] = RIDE["project"]
    body = case.body if isinstance(case.body, dict) else {}
    wish = body.get("ride", body)
    if not isinstance(wish, dict):
        return
    # The same text is the same stop each time.
    for name in ("from", "to"):
        text = wish.get(name)
        if isinstance(text, str) and 1 <= len(text) <= 100 and text.isprintable():
            wish[name] = RIDE["stops"][sum(text.encode()) % len(RIDE["stops"])]
    date = wish.get("date")
    if isinstance(date, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", date, re.ASCII):
        wish["date"] = RIDE["date"]
