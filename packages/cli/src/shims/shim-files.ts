import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote, shellWord } from '@tarwarden/core/text';
import { EXIT, isShim, SHIM_MARK } from '@tarwarden/guard/run';
import { isMissing } from '@tarwarden/guard';
import { MANAGER_OPTION } from '../commands/common-options.ts';
import { notSetUp } from '../edit/file-changes.ts';

export type ShimName = (typeof MANAGER_OPTION.choices)[number];

/** The command that a shim runs, if it has another name than the shim. */
const COMMAND_NAMES: Readonly<Partial<Record<ShimName, string>>> = {
  yarnpkg: 'yarn',
  bundler: 'bundle',
};

interface ShimTarget {
  /** The Node that made the shim. If that is gone, the shim uses the Node on the PATH. */
  readonly node: string;
  readonly main: string;
  readonly folder: string;
}

/** Shims may run inside each other, as when a script of npm calls npm. With more than this, one leads back to itself. */
const MAX_DEPTH = 32;

/** The lowest major version of Node that can run the command. */
const NODE_MAJOR = 20;

/** Where `tarwarden setup` has added a line to a profile, the line contains this mark. */
export const PROFILE_MARK = '# tarwarden setup: this line';

/** The profiles that can have the line, for any shell: zsh and fish refuse a pattern that matches nothing. */
const PROFILES = [
  ...['.bashrc', '.bash_profile', '.bash_login', '.profile', '.zshrc', '.zprofile'].map(
    (file) => `~/${file}`,
  ),
  '"$ZDOTDIR/.zshrc" "$ZDOTDIR/.zprofile"',
  '~/.config/fish/config.fish "$XDG_CONFIG_HOME/fish/config.fish"',
].join(' ');

/**
 * A shim for a POSIX shell. It runs the manager guarded, or not at all. If the command is gone, it says how to remove the shims, and
 * which manager can be called meanwhile. It does so with what is built into the shell, because the PATH may name nothing else.
 */
export function posixShim(name: ShimName, { node, main, folder }: ShimTarget): string {
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
missing=
[ -f "$main" ] && [ -r "$main" ] || missing=main
if [ ! -x "$node" ]; then
  version=$(node --version 2> /dev/null)
  major=\${version#v}
  major=\${major%%.*}
  case $major in '' | *[!0-9]*) missing=\${missing:-node} ;; *) [ "$major" -ge ${NODE_MAJOR} ] || missing=\${missing:-node} ;; esac
  [ -n "$missing" ] || node=node
fi
if [ -n "$missing" ]; then
  folder=${shellWord(folder)}
  word=${shellWord(shellWord(folder))}
  real= command= rest=\${PATH-}:
  while [ -n "$rest" ]; do
    entry=\${rest%%:*}
    rest=\${rest#*:}
    case $entry in /*) ;; *) continue ;; esac
    # A command in node_modules belongs to a project.
    case $entry in
      */node_modules/*) ;;
      *) [ -n "$command" ] || [ ! -f "$entry/tarwarden" ] || [ ! -x "$entry/tarwarden" ] || command=$entry/tarwarden ;;
    esac
    [ -z "$real" ] && [ -f "$entry/${name}" ] && [ -x "$entry/${name}" ] || continue
    line=
    # The second line of a shim has our mark.
    [ ! -r "$entry/${name}" ] || { read -r line; read -r line; } < "$entry/${name}"
    case $line in *${SHIM_MARK}*) ;; *) real=$entry/${name} ;; esac
  done
  {
    case $missing in
      main) printf '%s\\n' "tarwarden: ${name} was not started: the command tarwarden is gone, or you may not read it ($main)" ;;
      node) printf '%s\\n' "tarwarden: ${name} was not started: tarwarden needs Node ${NODE_MAJOR} or newer; the Node that it used is gone ($node), and the PATH has no other" ;;
    esac
    case $missing$command in
      main/*) printf '%s\\n' "  to have the guard again: $command setup" ;;
      main) printf '%s\\n' "  to have the guard again: install tarwarden${name === 'npm' ? ' with the npm below' : ''}, and run: tarwarden setup" ;;
      node*) printf '%s\\n' "  to have the guard again: install Node, and run: tarwarden setup" ;;
    esac
    printf '%s\\n' "  to remove the guard: rm -r $word"
    printf '%s\\n' "    and delete the line with \\"${PROFILE_MARK}\\" from the profiles of your shell; to find them:"
    printf '%s\\n' ${shellWord(`    grep -ls '${PROFILE_MARK}' ${PROFILES}`)}
    if [ -n "$real" ]; then
      printf '%s\\n' "  to run ${name} without the guard meanwhile: $real"
    else
      printf '%s\\n' "  there is no other ${name} on the PATH"
    fi
  } >&2
  exit ${EXIT.UNSUPPORTED}
fi
TARWARDEN_SHIM_DEPTH=$((depth + 1))
export TARWARDEN_SHIM_DEPTH
# Node would obey a file that one of these names, in the process of the guard; "--" below keeps it from --env-file.
case "$*" in *--experimental-*config-file*) NODE_OPTIONS=\${NODE_OPTIONS-}; export NODE_OPTIONS ;; esac
exec "$node" "$main" ${COMMAND_NAMES[name] ?? name} -- "$@"
`;
}

/** The command of a POSIX shell that puts a folder first on the PATH. */
export function exportLine(folder: string): string {
  const path = /^[\w@%+=:,./-]+$/.test(folder)
    ? `"${folder}:$PATH"`
    : `${shellWord(folder)}:"$PATH"`;
  return `export PATH=${path}`;
}

/** The next step for the user, in a POSIX shell, once shims are in a folder. */
export function nextStep(folder: string): string {
  return [
    "put the folder first on the PATH, here and in your shell's profile, and see that it works:",
    `  ${exportLine(folder)}`,
    '  tarwarden verify',
  ].join('\n');
}

/** A shim for the command prompt of Windows. It was never tried. */
export function windowsShim(name: ShimName, { node, main, folder }: ShimTarget): string {
  const path = (text: string): string => `"${text.replaceAll('%', '%%')}"`;
  const lines = [
    '@echo off',
    `rem ${SHIM_MARK}: made by "tarwarden shims". Runs the ${name} behind it on the PATH, guarded, or not at all.`,
    `if not exist ${path(main)} (`,
    `  echo tarwarden: ${name} was not started: the command tarwarden is gone. To remove the guard, remove the folder 1>&2`,
    `  echo ${path(folder)} 1>&2`,
    `  echo and take it from the PATH. "where ${name}" lists the ${name} that you can call meanwhile. 1>&2`,
    `  exit /b ${EXIT.UNSUPPORTED}`,
    ')',
    `${path(node)} ${path(main)} ${COMMAND_NAMES[name] ?? name} -- %*`,
    'exit /b %ERRORLEVEL%',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Whether a PATH can have this folder, and a shell can be told of it in one line. */
export function fitsOnPath(folder: string): boolean {
  return !/[\r\n]/.test(folder) && !folder.includes(delimiter);
}

/** @throws TarwardenError if one of these paths is there and is no folder. */
export function refuseOtherFiles(folders: readonly string[]): void {
  for (const folder of folders) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) continue;
    const kind = stat.isSymbolicLink() ? 'a link' : 'no folder';
    throw notSetUp(`${quote(folder)} is ${kind}: remove it`);
  }
}

/**
 * The shims by the names of their files.
 * @throws TarwardenError if the folder has a file of such a name that is not a shim.
 */
export function shimFiles(names: readonly ShimName[], target: ShimTarget): Map<string, string> {
  const files = new Map(names.map((name) => [name as string, posixShim(name, target)]));
  if (process.platform === 'win32')
    for (const name of names) files.set(`${name}.cmd`, windowsShim(name, target));
  const foreign = [...files.keys()]
    .map((name) => join(target.folder, name))
    .find((file) => existsSync(file) && !isShim(file));
  if (foreign === undefined) return files;
  throw new TarwardenError(
    'NOT_INSPECTED',
    `${quote(foreign)} is there and was not made by tarwarden; nothing was written: name a folder of its own`,
  );
}

export function shimsIn(folder: string): ShimName[] {
  try {
    const files = new Set(readdirSync(folder));
    return MANAGER_OPTION.choices.filter((name) => files.has(name) && isShim(join(folder, name)));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
