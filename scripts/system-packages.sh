#!/usr/bin/env bash
# Installs the system programs that the tests compare with or drive; skips what is there.
set -euo pipefail

declare -A packages=([bsdtar]=libarchive-tools [git]=git [python3]=python3 [/usr/bin/pip3]=python3-pip [go]=golang-go [ruby]=ruby [bundle]=ruby-bundler [openssl]=openssl [/usr/bin/perl]=perl-base [make]=make [g++]=g++ [mkfs.btrfs]=btrfs-progs [zsh]=zsh [fish]=fish)

missing=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
# Sources, which a program of the differential tests is built with.
[[ -d /usr/share/gocode/src/golang.org/x/mod ]] || missing+=(golang-golang-x-mod-dev)
# Other installers of wheels than pip, which the differential tests ask; Debian's Python alone has them.
[[ -d /usr/lib/python3/dist-packages/installer ]] || missing+=(python3-installer)
[[ -d /usr/lib/python3/dist-packages/wheel ]] || missing+=(python3-wheel)
if ((${#missing[@]} == 0)); then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "warning: install these yourself, the tests need them: ${missing[*]}" >&2
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
