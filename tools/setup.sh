#!/usr/bin/env bash
# Makes .venv and installs the locked requirements and the project itself into it.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
say() { printf 'setup: %s\n' "$*"; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if command -v "$name" >/dev/null && new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    say "no Python 3.11 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2
    exit 1
}

make_venv() {
    local python=$1 version
    if "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        "$python" -m venv "$venv" && return
    fi
    rm -rf "$venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "this Python lacks venv; installing it"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq </dev/null || true
        apt-get install -y -qq --no-install-recommends "python$version-venv" </dev/null ||
            apt-get install -y -qq --no-install-recommends python3-venv </dev/null || true
        "$python" -m venv "$venv" && return
        rm -rf "$venv"
    fi
    if "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv -q "$venv" && return
    fi
    if command -v uv >/dev/null; then
        uv venv -q --seed --python "$python" "$venv" && return
    fi
    say "cannot make a virtual environment with $python." >&2
    say "Install its venv package (Debian, Ubuntu: sudo apt install python3-venv) and run make setup again." >&2
    exit 1
}

if ! { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; }; then
    rm -rf "$venv"
    make_venv "$(find_python)"
fi
say "$("$venv/bin/python" --version), installing the locked requirements"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
"$venv/bin/python" -m pip install -q --require-hashes -r requirements/dev.txt </dev/null
"$venv/bin/python" -m pip install -q --no-deps --no-build-isolation -e . </dev/null
touch "$venv/.installed"
say "done: the command is $venv/bin/cmis"
