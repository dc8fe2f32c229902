# Sourced by every service here: packages, folders, ports, and an end that leaves nothing behind.
set -euo pipefail

die() { echo "$NAME: $*" >&2; exit 1; }

# install PACKAGE: Debian's package, unless it is there. Two services may start at the same moment, hence the lock.
install() {
  command -v apt-get > /dev/null || die "$1 is missing, and there is no apt-get to install it"
  [ "$(id -u)" = 0 ] || die "$1 is missing: install it, or run this once as root"
  (
    flock 9
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$1"
  ) 9< /var/lib/dpkg >&2
}

# fresh_folder: sets DIR. What services left that could not clean up (kill -9) is removed first.
fresh_folder() {
  local old pid
  for old in "${TMPDIR:-/tmp}/oauth-$NAME".*; do
    pid="${old#*"oauth-$NAME".}" pid="${pid%%.*}"
    [ ! -d "$old" ] || kill -0 "$pid" 2> /dev/null || rm -rf "$old"
  done
  DIR="$(mktemp -d -t "oauth-$NAME.$$.XXXXXX")"
}

random_port() { echo $((20000 + (RANDOM * 32768 + RANDOM) % 12000)); }

password() { head -c 18 /dev/urandom | base64 | tr '+/' 'ab'; }

# end: the service and its folder are gone when this returns.
end() {
  trap '' TERM INT HUP
  [ -z "${SERVER:-}" ] || kill -INT "$SERVER" 2> /dev/null || true
  [ -z "${SERVER:-}" ] || wait "$SERVER" 2> /dev/null || true
  [ -z "${WATCH:-}" ] || kill "$WATCH" 2> /dev/null || true
  rm -rf "${DIR:-/nonexistent}"
}
trap end EXIT
trap 'exit 0' TERM INT HUP

# up START ANSWERS: calls START with a free port, which sets SERVER, until ANSWERS succeeds. Sets PORT.
up() {
  local start="$1" answers="$2" fixed="${PORT:-0}" _try _wait
  for _try in 1 2 3 4 5; do
    [ "$fixed" != 0 ] || PORT="$(random_port)"
    "$start"
    for _wait in $(seq 600); do
      kill -0 "$SERVER" 2> /dev/null || break
      ! "$answers" || return 0
      sleep 0.05
    done
  done
  cat "$DIR/log" >&2
  die "did not start"
}

# stay URL: says where the service is, and lives until a signal comes, the service ends, or the pipe that is its standard input is closed.
stay() {
  printf '{"service": "%s", "url": "%s"}\nready\n' "$NAME" "$1"
  if [ -p /dev/stdin ]; then
    cat > /dev/null <&0 &
    WATCH=$!
  fi
  wait -n "$SERVER" ${WATCH:-}
}
