#!/usr/bin/env bash
# schemathesis, pinned, in an environment of its own; what it does and expects stands in openapi.py and schemathesis.toml.
#
#   .ci/schemathesis.sh [VENV] [options of openapi.py]
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-target/schemathesis}
shift || true
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
exec python3 .ci/openapi.py --tool "$venv/bin/schemathesis" "$@"
