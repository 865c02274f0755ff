#!/usr/bin/env bash
# Unpacks the packed command, which has no dependencies, and puts shims of it in front of the PATH of all later steps. No package
# manager takes part: none is guarded yet. Runs in bash 3.2 as well, which is that of macOS.
set -euo pipefail

fail() {
  echo "::error title=tarwarden::$1"
  exit 1
}

[[ ${RUNNER_OS:-} != Windows ]] || fail 'Windows is not supported yet'
[[ $MANAGERS =~ ^[a-z0-9\ ]+$ ]] || fail 'managers: names, separated by spaces'
command -v node >/dev/null || fail 'there is no node on the PATH: run this after actions/setup-node'

if command -v sha512sum >/dev/null; then
  sum=$(sha512sum <"$TARBALL")
else
  sum=$(shasum -a 512 <"$TARBALL")
fi
[[ ${sum%% *} == "$SHA512" ]] || fail "$TARBALL has the SHA-512 ${sum%% *}, and not the one that was given"

folder=$RUNNER_TEMP/tarwarden
rm -rf "$folder"
mkdir -p "$folder/bin"
tar -xzf "$TARBALL" -C "$folder"
ln -s ../package/bin/tarwarden.js "$folder/bin/tarwarden"

# A program that the client has beside the one that is named.
names=()
for name in $MANAGERS; do
  names+=(--manager "$name")
  case $name in
    pnpm) names+=(--manager pnpx) ;;
    yarn) names+=(--manager yarnpkg) ;;
    bundle) names+=(--manager bundler) ;;
  esac
done
shims=$("$folder/bin/tarwarden" shims "$folder/shims" "${names[@]}")

# The runner puts the last line first.
printf '%s\n' "$folder/bin" "$shims" >>"$GITHUB_PATH"
echo "shims=$shims" >>"$GITHUB_OUTPUT"
# For the step at the end. NODE_OPTIONS would not get past the runner this way.
echo "TARWARDEN_ACTION_MANAGERS=$MANAGERS" >>"$GITHUB_ENV"
