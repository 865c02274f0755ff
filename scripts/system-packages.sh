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
# A server for the tests, which start their own: Redis or Valkey.
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing+=(redis-server)
# Builds and starts the server's image without a daemon.
command -v buildah >/dev/null || missing+=(buildah)
[[ -x /usr/lib/podman/netavark ]] || missing+=(netavark)
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
# No server is started by being installed: the tests start their own.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get install -y -qq --no-install-recommends "${missing[@]}"
