#!/usr/bin/env bash
# Has each manager, as a step types it, refuse one package and install another: at the start, and again at the end of the job.
set -euo pipefail

program=$RUNNER_TEMP/tarwarden/bin/tarwarden
if [[ -z ${TARWARDEN_ACTION_MANAGERS:-} || ! -x $program ]]; then
  echo '::error title=tarwarden::the guard was not set up in this job'
  exit 1
fi

names=()
for name in $TARWARDEN_ACTION_MANAGERS; do
  names+=(--manager "$name")
done
cd "$FOLDER"
if ! "$program" verify "${names[@]}"; then
  echo '::error title=tarwarden::a manager is not guarded, or could not be tried'
  exit 1
fi
