#!/bin/sh
# Installs SQUID Viewer for one user, without root: copies the folder that this file lies in, and links it to where the
# shell and the desktop look.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix FOLDER] [--yes]
       ./install.sh --uninstall [--prefix FOLDER] [--yes] [--forget]

Installs SQUID Viewer for you, without root, below FOLDER (~/.local). An older or newer version there is replaced once
this one is whole; worklist, results and settings stay.

  --uninstall  remove the program. It asks before it does, and once more before it removes patient data.
  --yes        ask nothing. Patient data stays then, unless --forget is given too.
  --forget     with --uninstall: remove the worklist, the results and the settings of this user, too.
TEXT
}

fail() {
    printf '%s\n' "install.sh: $*" >&2
    exit 1
}

# Whether a program of this folder is at work.
running() {
    ls -l /proc/[0-9]*/exe 2>/dev/null | grep -qF -- "-> $1/"
}

version_of() { # of a folder that was installed here
    printf '%s\n' "${1##*/squid-viewer-}"
}

older() { # whether the first version is older than the second
    [ "$1" != "$2" ] &&
        [ "$(printf '%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$1" ]
}

ours() { # whether a link in bin is to a program that was installed here
    case "$(readlink "$1" 2>/dev/null)" in
    "$lib"/squid-viewer-*/*) return 0 ;;
    esac
    return 1
}

# Tell the desktop that its files have changed; where it lacks a tool it looks for itself.
refresh() {
    mime="$prefix/share/mime" applications="$prefix/share/applications" icons="$prefix/share/icons/hicolor"
    { [ ! -d "$mime/packages" ] || update-mime-database "$mime"; } >/dev/null 2>&1 || true
    { [ ! -d "$applications" ] || update-desktop-database -q "$applications"; } >/dev/null 2>&1 || true
    { [ ! -f "$icons/icon-theme.cache" ] || gtk-update-icon-cache -q -t -f "$icons"; } >/dev/null 2>&1 || true
}

# A path as an entry's Exec line wants it: first what is special between quotes, then the entry's own backslashes.
quoted() {
    printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' -e 's/\\/\\\\/g' -e '1s/^/"/' -e '$s/$/"/'
}

# However it ends: what was there is there, or the new one is.
tidy() {
    [ -d "$new" ] || [ ! -d "$partial/old" ] || mv "$partial/old" "$new"
    rm -rf "$partial"
}

install() {
    [ -f "$here/squid-viewer" ] || fail "the program is not beside this file; unpack the whole archive."
    version=$("$here/squid" --version) ||
        fail "the program does not run here, and has said why; nothing was changed."
    version=${version##* }
    new="$lib/squid-viewer-$version" partial="$lib/.squid-viewer.partial"
    [ "$here" != "$new" ] || fail "this is the installed program itself. To remove it: --uninstall"
    for name in squid squid-viewer; do
        if [ -e "$bin/$name" ] || [ -L "$bin/$name" ]; then
            ours "$bin/$name" || fail "$bin/$name is another program. Move it away, or choose another --prefix; nothing was changed."
        fi
    done
    ! running "$new" || fail "SQUID Viewer $version is running. Close it, then try again; nothing was changed."

    mkdir -p "$lib" "$bin"
    rm -rf "$partial"
    trap tidy EXIT
    trap 'exit 1' HUP INT TERM
    mkdir "$partial"
    cp -RPp "$here" "$partial/new" || fail "it could not be copied to $lib; nothing was changed."
    "$partial/new/squid" --version >/dev/null || fail "the copy in $lib does not run; nothing was changed."
    [ ! -d "$new" ] || mv "$new" "$partial/old"
    mv "$partial/new" "$new"
    for name in squid squid-viewer; do
        ln -s "$new/$name" "$partial/$name"
        mv -f "$partial/$name" "$bin/$name"
    done
    (cd "$new/share" && find . -type f) | while read -r file; do
        mkdir -p "$prefix/share/${file%/*}"
        cp "$new/share/$file" "$prefix/share/$file"
    done
    entry="$prefix/share/applications/squid-viewer.desktop"
    while read -r line; do
        case "$line" in
        Exec=*) printf 'Exec=%s %%F\n' "$(quoted "$bin/squid-viewer")" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <"$new/share/applications/squid-viewer.desktop" >"$partial/entry"
    mv -f "$partial/entry" "$entry"
    refresh

    printf '%s\n' "SQUID Viewer $version is installed in $new."
    for old in "$lib"/squid-viewer-*; do
        [ "$old" != "$new" ] || continue
        was=$(version_of "$old")
        ! older "$version" "$was" || printf '%s\n' \
            "It is older than $was, which was here. What it cannot read of that it says when it starts; nothing is lost."
        if running "$old"; then
            printf '%s\n' "$was is still running, and stays in $old until you install again or uninstall."
        else
            rm -rf "$old"
            printf '%s\n' "It replaces $was."
        fi
    done
    case ":$PATH:" in
    *":$bin:"*) ;;
    *) printf '%s\n' "$bin is not on your PATH: sign in again, or start it as $bin/squid-viewer or from the menu." ;;
    esac
}

uninstall() {
    found=""
    for folder in "$lib"/squid-viewer-*; do
        [ -d "$folder" ] || continue
        ! running "$folder" || fail "SQUID Viewer $(version_of "$folder") is running. Close it, then try again; nothing was changed."
        found="$found $(version_of "$folder")"
        program="$folder/squid"
    done
    [ -n "$found" ] || fail "there is no SQUID Viewer below $prefix."
    if [ "$yes" = no ]; then
        printf '%s' "Remove SQUID Viewer$found from $prefix? [y/N] "
        read -r answer || answer=""
        case "$answer" in
        y | Y | yes) ;;
        *) fail "nothing was removed." ;;
        esac
    fi
    ! ours "$bin/squid" || program="$bin/squid"
    if [ "$forget" = yes ]; then
        "$program" forget --all --yes || fail "worklist, results and settings could not be removed, so the program stays."
    elif [ "$yes" = yes ] || ! "$program" forget --all; then
        printf '%s\n' "Worklist, results and settings were not removed: ${SQUID_VIEWER_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/squid-viewer}"
    fi
    for name in squid squid-viewer; do
        ! ours "$bin/$name" || rm -f "$bin/$name"
    done
    for folder in "$lib"/squid-viewer-*; do
        (cd "$folder/share" && find . -type f) | while read -r file; do
            rm -f "$prefix/share/$file"
            (cd "$prefix" && rmdir -p "share/${file%/*}" 2>/dev/null) || true # where nothing else is in it
        done
        rm -rf "$folder"
    done
    rm -rf "$lib/.squid-viewer.partial"
    rmdir "$bin" "$lib" 2>/dev/null || true
    refresh
    printf '%s\n' "SQUID Viewer$found is removed."
}

main() {
    action=install yes=no forget=no prefix="$HOME/.local"
    while [ $# -gt 0 ]; do
        case "$1" in
        --prefix)
            [ $# -gt 1 ] || fail "--prefix needs a folder."
            prefix=$2
            shift
            ;;
        --uninstall) action=uninstall ;;
        --yes) yes=yes ;;
        --forget) forget=yes ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
        esac
        shift
    done
    here=$(cd "$(dirname "$0")" && pwd -P)
    [ "$action" = uninstall ] || mkdir -p "$prefix"
    prefix=$(cd "$prefix" 2>/dev/null && pwd -P) || fail "there is no folder $prefix."
    lib="$prefix/lib" bin="$prefix/bin"
    cd /
    "$action"
}

main "$@"
