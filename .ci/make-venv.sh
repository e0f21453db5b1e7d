#!/bin/sh
# Makes the virtual environment, or says in plain words why not. A working one is kept.
# Usage: make-venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c "import pip; $new_enough" 2>/dev/null; then
    exit 0
fi
if ! command -v "$python" >/dev/null 2>&1; then
    echo "There is no $python. SQUID Viewer needs Python 3.11 or newer. On Debian or Ubuntu:" >&2
    echo "  sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c "$new_enough"; then
    echo "SQUID Viewer needs Python 3.11 or newer; $python is $("$python" -V 2>&1)." >&2
    echo "Name a newer one: make run PYTHON=python3.12" >&2
    exit 1
fi
can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
if ! can_make_venv && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    # Debian splits this off. As root it is installed, as system-libraries.sh does with Qt's libraries.
    echo "Installing python3-venv"
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install --yes --no-install-recommends python3-venv"
    $install </dev/null >/dev/null 2>&1 || { apt-get update </dev/null && $install </dev/null; } >/dev/null 2>&1 || true
fi
if ! can_make_venv; then
    echo "This Python cannot make virtual environments. On Debian or Ubuntu:" >&2
    echo "  sudo apt-get install python3-venv" >&2
    exit 1
fi
echo "[1/3] $folder with $("$python" -V)"
exec "$python" -m venv --clear "$folder"
