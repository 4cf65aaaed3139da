#!/bin/sh
# Makes .venv/ in this checkout ready to run; `make setup` calls it. Quick when nothing changed.
# With --tests it also gets what tests in a real browser and with Wireshark need, some 400 MB that nobody who only serves
# has to fetch.
# Needs Python 3.11 or newer (PYTHON=... chooses which) and a way to reach a package index; nothing else is assumed.
set -eu
cd "$(dirname "$0")"

PYTHON=${PYTHON:-python3}
VENV=.venv
STAMP=$VENV/.setup-done

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

check_python() {
    command -v "$PYTHON" >/dev/null 2>&1 ||
        stop "there is no '$PYTHON' here; install Python 3.11 or newer, or name it with PYTHON=/path/to/python"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "'$PYTHON' is $("$PYTHON" -V 2>&1), we need 3.11 or newer; name another one with PYTHON=/path/to/python"
}

# What the result depends on: our own files, the interpreter, and where the checkout lies (a venv cannot be moved).
fingerprint() {
    cat requirements.lock pyproject.toml setup.py setup.sh | cksum
    "$PYTHON" -c 'import sys; print(sys.base_prefix, sys.version)'
    pwd
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1; }
}

debian_install() {
    may_install || return 1
    say "installing the Debian package $*"
    as_root apt-get update -qq >/dev/null 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}

have_ensurepip() { "$PYTHON" -c 'import venv, ensurepip' >/dev/null 2>&1; }

# Debian parts the standard library: a bare python3 cannot make a working venv. uv can do without.
need_venv() {
    if command -v uv >/dev/null 2>&1 || have_ensurepip; then return; fi
    package=$("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    debian_install "$package" && have_ensurepip ||
        stop "Python's venv is missing and could not be installed; please run: sudo apt-get install $package"
}

have_zbar() { "$PYTHON" -c 'import ctypes.util, sys; sys.exit(ctypes.util.find_library("zbar") is None)'; }

want_zbar() {
    if have_zbar; then return; fi
    debian_install libzbar0 && have_zbar ||
        say "libzbar0 is missing, QR codes are read with zxing-cpp alone; to add it: sudo apt-get install libzbar0"
}

have_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }

have_chinese_font() { [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ]; }

# The driver of the browser is a node that comes with its package, and wants this of the system.
have_atomic() { "$PYTHON" -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' >/dev/null 2>&1; }

# tshark is Wireshark without windows: it opens the captures we write, with the dissector we write.
have_tshark() { command -v tshark >/dev/null 2>&1; }

# Only tests and the pictures of the pages need these; without them the tests say that they were skipped.
want_test_tools() {
    missing=
    have_tshark || missing="$missing tshark"
    have_browser || missing="$missing chromium"
    have_atomic || missing="$missing libatomic1"
    have_chinese_font || missing="$missing fontconfig fonts-noto-cjk"
    if [ -z "$missing" ]; then return; fi
    # shellcheck disable=SC2086 # a list of packages
    debian_install $missing && have_browser && have_atomic && have_chinese_font && have_tshark ||
        say "for the tests these are missing:$missing; to add them: sudo apt-get install$missing"
}

have_installer() { command -v uv >/dev/null 2>&1 || "$VENV/bin/python" -m pip --version >/dev/null 2>&1; }

same_python() {
    [ -x "$VENV/bin/python" ] && have_installer &&
        [ "$("$VENV/bin/python" -c 'import sys; print(sys.base_prefix, sys.version)' 2>/dev/null)" = \
            "$("$PYTHON" -c 'import sys; print(sys.base_prefix, sys.version)')" ]
}

make_venv() {
    if same_python; then return; fi
    say "making $VENV with $("$PYTHON" -V 2>&1)"
    rm -rf "$VENV"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$(command -v "$PYTHON")" "$VENV"
    else
        "$PYTHON" -m venv "$VENV"
    fi
}

install() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --python "$VENV/bin/python" "$@"
    else
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"
    fi
}

# First the build tool from the lock, then all the rest with it, so that nothing unlocked is ever fetched.
install_all() {
    say "installing the locked libraries"
    awk '/^setuptools==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock >"$VENV/build-tool.lock"
    install --require-hashes -r "$VENV/build-tool.lock"
    install --require-hashes --no-build-isolation -r requirements.lock
    install --no-deps --no-build-isolation -e .
}

case ${1:-} in
"" | --tests) ;;
*) stop "there is no option '$1'; --tests is the only one" ;;
esac
check_python
if [ "${1:-}" = --tests ]; then want_test_tools; fi
if [ -f "$STAMP" ] && [ "$(fingerprint)" = "$(cat "$STAMP")" ]; then exit 0; fi
need_venv
want_zbar
make_venv
rm -f "$STAMP"
install_all
fingerprint >"$STAMP"
say "ready"
