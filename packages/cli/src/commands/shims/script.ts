import { shellWord } from '@tarwarden/core/text';
import type { SHIMS_OPTIONS } from './definition.ts';
import { EXIT, SHIM_MARK } from '@tarwarden/guarded-run';

/** The commands that take a manager's place on the PATH, and our command that each runs. */
export const SHIMS: Readonly<Record<ShimName, string>> = {
  npm: 'npm',
  npx: 'npx',
  pnpm: 'pnpm',
  pnpx: 'pnpx',
  yarn: 'yarn',
  yarnpkg: 'yarn',
  go: 'go',
  bun: 'bun',
  bunx: 'bunx',
  pip: 'pip',
  pip3: 'pip3',
  python: 'python',
  python3: 'python3',
  gem: 'gem',
  bundle: 'bundle',
  bundler: 'bundle',
};

export type ShimName = (typeof SHIMS_OPTIONS.manager.choices)[number];

/** The program that a shim starts. */
export interface ShimTarget {
  /** The Node that made the shim. If that is gone, the shim uses the Node on the PATH. */
  readonly node: string;
  readonly main: string;
}

/** Shims may run inside each other, as when a script of npm calls npm. With more than this, one leads back to itself. */
const MAX_DEPTH = 32;

/** A shim for a POSIX shell. It runs the manager guarded, or not at all. */
export function posixShim(name: ShimName, { node, main }: ShimTarget): string {
  return `#!/bin/sh
# ${SHIM_MARK}: made by "tarwarden shims". Runs the ${name} behind it on the PATH, guarded, or not at all.
main=${shellWord(main)}
node=${shellWord(node)}
depth=\${TARWARDEN_SHIM_DEPTH:-0}
case $depth in '' | *[!0-9]* | ????*) depth=0 ;; esac
if [ "$depth" -ge ${MAX_DEPTH} ]; then
  echo "tarwarden: the ${name} behind $0 on the PATH leads back to it; ${name} was not started" >&2
  exit ${EXIT.UNSUPPORTED}
fi
[ -x "$node" ] || node=node
if [ ! -f "$main" ] || ! command -v "$node" > /dev/null; then
  echo "tarwarden: $main, or a Node to run it, is missing; ${name} was not started" >&2
  exit ${EXIT.UNSUPPORTED}
fi
TARWARDEN_SHIM_DEPTH=$((depth + 1))
export TARWARDEN_SHIM_DEPTH
# Node would obey a file that one of these names, in the process of the guard; "--" below keeps it from --env-file.
case "$*" in *--experimental-*config-file*) NODE_OPTIONS=\${NODE_OPTIONS-}; export NODE_OPTIONS ;; esac
exec "$node" "$main" ${SHIMS[name]} -- "$@"
`;
}

/** The next step for the user, in a POSIX shell, once shims are in a folder. */
export function nextStep(folder: string): string {
  const path = /^[\w@%+=:,./-]+$/.test(folder)
    ? `"${folder}:$PATH"`
    : `${shellWord(folder)}:"$PATH"`;
  return [
    "put the folder first on the PATH, here and in your shell's profile, and see that it works:",
    `  export PATH=${path}`,
    '  tarwarden verify',
  ].join('\n');
}

/** A shim for the command prompt of Windows. It was never tried. */
export function windowsShim(name: ShimName, { node, main }: ShimTarget): string {
  const path = (text: string): string => `"${text.replaceAll('%', '%%')}"`;
  const lines = [
    '@echo off',
    `rem ${SHIM_MARK}: made by "tarwarden shims". Runs the ${name} behind it on the PATH, guarded, or not at all.`,
    `if not exist ${path(main)} (`,
    `  echo tarwarden: a file of tarwarden is missing; ${name} was not started 1>&2`,
    `  exit /b ${EXIT.UNSUPPORTED}`,
    ')',
    `${path(node)} ${path(main)} ${SHIMS[name]} -- %*`,
    'exit /b %ERRORLEVEL%',
  ];
  return `${lines.join('\r\n')}\r\n`;
}
