#!/bin/sh
# Are the system libraries there that Qt's wheels do not bring? As root with apt the missing ones are installed,
# otherwise the one line to run is printed.
# Usage: system-libraries.sh offscreen|window
set -eu

OFFSCREEN="libglib-2.0.so.0=libglib2.0-0 libGL.so.1=libgl1 libEGL.so.1=libegl1 libxkbcommon.so.0=libxkbcommon0
libfontconfig.so.1=libfontconfig1 libdbus-1.so.3=libdbus-1-3"
WINDOW="libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-keysyms.so.1=libxcb-keysyms1
libxcb-shape.so.0=libxcb-shape0 libxkbcommon-x11.so.0=libxkbcommon-x11-0"

case "${1:-}" in
    offscreen) wanted=$OFFSCREEN ;;
    window) wanted="$OFFSCREEN $WINDOW" ;;
    *) echo "usage: $0 offscreen|window" >&2; exit 2 ;;
esac
[ "$(uname)" = Linux ] || exit 0

# /sbin is not in the path of every user; a system without ldconfig (NixOS, musl) has its own ways.
known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null) || exit 0

missing=""
for pair in $wanted; do
    case "$known" in
        *"${pair%%=*} "*) ;;
        *) missing="$missing ${pair#*=}" ;;
    esac
done
# Without any font Qt draws empty boxes for letters.
for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" \
    "${HOME:-/nonexistent}/.local/share/fonts"; do
    fonts=$(find "$folder" -follow \( -name '*.[to]tf' -o -name '*.ttc' -o -name '*.pf[ab]' \) 2>/dev/null | head -n 1)
    [ -z "$fonts" ] || break
done
[ -n "$fonts" ] || missing="$missing fonts-dejavu-core"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Qt needs system libraries that are not here. Their Debian names:$missing" >&2
    exit 1
fi
install="apt-get install --yes --no-install-recommends$missing"
if [ "$(id -u)" -ne 0 ]; then
    echo "Qt needs system libraries that are not here. Run this once, then try again:" >&2
    echo "  sudo $install" >&2
    exit 1
fi
echo "Installing the system libraries that Qt needs:$missing"
export DEBIAN_FRONTEND=noninteractive
# The package lists may be absent or old: fetch them only when the first try fails.
$install </dev/null >/dev/null 2>&1 && exit 0
{ apt-get update </dev/null && $install </dev/null; } >/dev/null || {
    echo "They could not be installed. Try it by hand: $install" >&2
    exit 1
}
