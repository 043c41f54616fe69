#!/usr/bin/env bash
# Makes one file that installs ceping on a machine of the same kind (system, processor, Python)
# without a network: its wheel, those of all it needs and pip's, behind .ci/offline/install.sh.
#
#     bash .ci/offline/make.sh [FOLDER]      the file is put into FOLDER, by default the current one
#
# PYTHON names another interpreter than python3. What it prints last is the file.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(cd "${1:-.}" && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/venv"
# pip too: a bare machine has the interpreter alone.
"$work/venv/bin/pip" wheel --quiet --wheel-dir "$work/wheels" "$root" pip >&2

wheel=$(basename "$work"/wheels/ceping-*.whl)
version=$(echo "$wheel" | cut -d- -f2)
minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
platform=$("$python" -c 'import sysconfig; print(sysconfig.get_platform())')
file="$folder/ceping-$version-$platform-python$minor.sh"

sed -e "s/@VERSION@/$version/" -e "s/@PYTHON@/$minor/" -e "s/@PLATFORM@/$platform/" \
    "$root/.ci/offline/install.sh" > "$work/install.sh"
tar -C "$work" -czf "$work/wheels.tar.gz" wheels
cat "$work/install.sh" "$work/wheels.tar.gz" > "$file"
echo "$file"
