#!/bin/sh
# Programs that some tests ask for a second opinion. As root with apt the missing ones are installed; elsewhere those
# tests are skipped, and this says which.
set -eu

# Xvfb is a screen; what Qt needs to draw on one is asked for as for a user's window.
"$(dirname "$0")/system-libraries.sh" window || echo "The test on a real screen will be skipped."
missing=""
for pair in dciodvfy=dicom3tools pdftotext=poppler-utils xvfb-run="xvfb xauth" Orthanc="orthanc orthanc-dicomweb" \
    storescu=dcmtk desktop-file-validate=desktop-file-utils update-mime-database=shared-mime-info gio=libglib2.0-bin \
    debootstrap=debootstrap; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing programs that tests ask for a second opinion:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # A package's own service is not wanted: the tests start what they need. Debian asks this file before it starts one.
    policy="${POLICY_RC_D:-/usr/sbin/policy-rc.d}"
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 1' HUP INT TERM
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    fi
    install="apt-get install --yes --no-install-recommends$missing"
    if { $install </dev/null || { apt-get update </dev/null && $install </dev/null; }; } >/dev/null 2>&1; then
        case "$missing" in
        *orthanc*) update-rc.d orthanc disable >/dev/null 2>&1 || true ;; # nor at the next start of the machine
        esac
        exit 0
    fi
fi
echo "Tests that need these Debian packages will be skipped:$missing"
