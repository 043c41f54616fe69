#!/bin/sh
# 测评 @VERSION@，离线安装。用法：sh 本文件 [安装到的文件夹]
# The wheels follow the last line of this script as a tar archive (.ci/offline/make.sh).
set -eu

version=@VERSION@
minor=@PYTHON@
platform=@PLATFORM@
folder=${1:-$HOME/.local/lib/ceping}
bin=$HOME/.local/bin

refuse() {
    echo "没有安装：$1" >&2
    exit 1
}

kind='import sys, sysconfig; print("%d.%d %s" % (*sys.version_info[:2], sysconfig.get_platform()))'
python=
for each in "python$minor" python3 python; do
    if [ "$("$each" -c "$kind" 2>/dev/null)" = "$minor $platform" ]; then
        python=$each
        break
    fi
done
[ -n "$python" ] || refuse "要 Python $minor（$platform），这台机器上没有。请在同样的机器上重做安装文件。"

# A folder of its own each time: a program that runs keeps the files that it has.
target=$folder/$version-$(date +%Y%m%d-%H%M%S)
mkdir -p "$folder" "$bin" || refuse "建不了文件夹 $folder 或 $bin，请检查权限和磁盘空间。"
work=$(mktemp -d) || refuse "没有地方放临时文件，请检查磁盘空间。"
trap 'rm -rf "$work"' EXIT

lines=$(sed -n '/^# --- wheels ---$/=' "$0" | head -n 1)
tail -n +"$((lines + 1))" "$0" | tar -C "$work" -xzf - 2>/dev/null \
    || refuse "安装文件不完整，请重新复制一份。"
pip=$(echo "$work"/wheels/pip-*.whl)
{
    "$python" -m venv --without-pip "$target" &&
        PIP_CONFIG_FILE=/dev/null "$target/bin/python" "$pip/pip" install --quiet \
            --no-index --disable-pip-version-check --find-links "$work/wheels" "ceping==$version"
} || {
    rm -rf "$target"
    refuse "装不上，原因见上。原来装的没有动。"
}
for each in ceping ceping-recount; do
    ln -sf "$target/bin/$each" "$bin/$each"
done
echo "已装好 $("$bin/ceping" --version)：$target"
case ":$PATH:" in
*":$bin:"*) echo "运行 ceping 就可以用。" ;;
*) echo "用 $bin/ceping 运行；把 $bin 加进 PATH，就可以只写 ceping。" ;;
esac
exit 0
# --- wheels ---
