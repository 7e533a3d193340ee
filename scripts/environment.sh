# Sourced by the other scripts, from the root of the checkout: makes .venv and installs what is pinned.
# Which package index is asked is pip's own configuration, never ours.

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    say "Octavo needs Python 3.11 or newer. Install it, or name it: PYTHON=/path/to/python3.11 $0"
    exit 1
}

# Debian keeps what `python -m venv` needs in a package of its own.
ensure_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "Installing $package ..."
        apt-get install -qq -y "$package" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -qq -y "$package" >/dev/null; }
    else
        say "Python cannot make virtual environments here. Install its package: sudo apt-get install $package"
        exit 1
    fi
}

# environment NAME: .venv with everything in NAME (constraints.txt, constraints-dev.txt), and Octavo itself from src.
environment() {
    wanted="$(cat "$1" pyproject.toml | cksum) $PWD"
    for stamp in "$1" constraints-dev.txt; do
        [ "$(cat ".venv/$stamp.installed" 2>/dev/null)" = "$(cat "$stamp" pyproject.toml | cksum) $PWD" ] && return
    done
    python="$(find_python)"
    ensure_venv "$python"
    say "Installing into .venv (once, and when $1 changes) ..."
    [ -x .venv/bin/python ] && [ "$(cat .venv/place 2>/dev/null)" = "$PWD" ] || "$python" -m venv --clear .venv
    printf '%s\n' "$PWD" > .venv/place
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$1"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    printf '%s\n' "$wanted" > ".venv/$1.installed"
}
