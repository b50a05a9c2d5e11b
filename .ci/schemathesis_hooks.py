"""What schemathesis cannot make by itself: project folders as ZIPs; and what it must leave alone: the user and key it speaks with."""

import io
import os
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
    last = case.operation.path.rstrip("/").rpartition("/")[2].strip("{}")
    if case.method.upper() == "DELETE" and str((case.path_parameters or {}).get(last)) in OWN:
        case.path_parameters[last] = "own"
