/* The files that a shell reads at its start, and those of them that get the line. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { programsOnPath } from '@tarwarden/guard/run';
import { notSetUp, reasonOf, type FileChange } from '../../edit/file-changes.ts';
import { SETUP_SHELLS } from './definition.ts';
import type { SetupFolders } from './folders.ts';
import {
  loadedFile,
  markedLines,
  profileLine,
  withoutProfileLines,
  withProfileLine,
  type SetupShell,
} from './profile-line.ts';

/** Profiles are written by hand. A larger file is something else. */
const PROFILE_BYTES_MAX = 4 * 1024 * 1024;

/** The way without setup, for a profile that another program writes. */
const BY_HAND =
  'write the shims with "tarwarden shims DIR", and put DIR first on the PATH yourself';

/** A login shell of bash reads the first of these that exists. */
const BASH_LOGIN = ['.bash_profile', '.bash_login', '.profile'] as const;

const ZSH = ['.zshrc', '.zprofile'] as const;

/** zsh runs .zshenv before it answers. */
const ZSH_TIMEOUT_MS = 20_000;

export interface ChosenShell {
  readonly name: SetupShell;
  readonly program: string;
}

/** @throws TarwardenError if no shell that setup knows is named, or it is not there. */
export function chosenShell(
  namedShell: SetupShell | undefined,
  env: NodeJS.ProcessEnv,
): ChosenShell {
  const login = env['SHELL'] ?? '';
  const name = namedShell ?? SETUP_SHELLS.find((shell) => shell === basename(login));
  if (name === undefined) {
    const which = login === '' ? '$SHELL is not set' : `your shell is ${quote(login)}`;
    throw notSetUp(
      `setup changes the profiles of ${SETUP_SHELLS.join(', ')}, and ${which}. Name one with --shell, or use "tarwarden shims" and put its folder first on the PATH yourself`,
    );
  }
  if (isAbsolute(login) && basename(login) === name) return { name, program: login };
  const program = programsOnPath(name, env).find((file) => isAbsolute(file));
  if (program === undefined) throw notSetUp(`there is no ${name} on the PATH`);
  return { name, program };
}

/**
 * The profiles of a shell that get the line. bash and zsh read one in a new terminal, and another as a login shell: that of ssh, tmux,
 * macOS and many coding agents. The second often does not load the first, or the first stops where there is no terminal; and the
 * system's own file for login shells may put other folders first.
 */
export function profilesOf(shell: ChosenShell, home: string, env: NodeJS.ProcessEnv): Profile[] {
  if (shell.name === 'fish') return [readProfile(fishProfilePath(home, env))];
  const folder = shell.name === 'zsh' ? zshFolder(shell.program, home, env) : home;
  if (shell.name === 'zsh') return ZSH.map((file) => readProfile(join(folder, file)));
  const login = BASH_LOGIN.map((file) => join(home, file));
  const loginProfile = login.find((path) => existsSync(path)) ?? join(home, '.profile');
  return [join(home, '.bashrc'), loginProfile].map((path) => readProfile(path));
}

/** The paths of all files that may have the line, whichever shell it was written for. */
export function profilePaths(home: string, env: NodeJS.ProcessEnv): string[] {
  const program = programsOnPath('zsh', env).find((file) => isAbsolute(file));
  const zsh = program === undefined ? home : zshFolder(program, home, env);
  return [
    ...['.bashrc', ...BASH_LOGIN].map((file) => join(home, file)),
    ...[...new Set([home, zsh])].flatMap((folder) => ZSH.map((file) => join(folder, file))),
    fishProfilePath(home, env),
  ];
}

/** @throws TarwardenError if somebody has changed the line. */
export function withLineOf(profile: Profile, shell: SetupShell, folders: SetupFolders): FileChange {
  const { path, before } = profile;
  const text = before?.toString('latin1');
  const file = join(folders.shell, loadedFile(shell));
  const lines = markedLines(text ?? '');
  refuseChangedLines(path, lines);
  if (lines.length === 1 && lines[0]?.file === file) return { ...profile, after: before };
  const otherText = lines.length === 0 ? text : withoutProfileLines(text ?? '');
  if (otherText !== undefined && /\\\n?$/.test(otherText))
    throw notSetUp(
      `the last line of ${quote(path)} ends with a backslash, so that the line of setup would become a part of it: correct it, or add a line below it`,
    );
  const after = Buffer.from(withProfileLine(otherText, profileLine(shell, file)), 'latin1');
  return { ...profile, after };
}

/**
 * The change that takes the line out of a profile. Undefined if it has none.
 * @throws TarwardenError if somebody has changed the line.
 */
export function withoutLineOf(
  path: string,
): { readonly change: FileChange; readonly loaded: readonly string[] } | undefined {
  // A profile without the line is not looked at closer: it may be a folder, or belong to the system.
  if (markedLines(profileText(path)).length === 0) return undefined;
  const profile = readProfile(path);
  const text = profile.before?.toString('latin1') ?? '';
  const lines = markedLines(text);
  refuseChangedLines(path, lines);
  const remaining = withoutProfileLines(text);
  const after = remaining === undefined ? undefined : Buffer.from(remaining, 'latin1');
  const loaded = lines.flatMap(({ file }) => file ?? []);
  return { change: { ...profile, after }, loaded };
}

/** The text of a file, with one character for each byte. It is empty if the file cannot be read, or is no regular file. */
export function profileText(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > PROFILE_BYTES_MAX) return '';
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

export type Profile = Pick<FileChange, 'path' | 'real' | 'before'>;

/**
 * Reads a profile that may be changed: a file, or a link that leads to a file.
 * @throws TarwardenError if it is something else.
 */
export function readProfile(path: string): Profile {
  const refuse = (why: string, cause?: unknown): TarwardenError =>
    notSetUp(`${quote(path)} ${why}`, cause);
  try {
    const link = lstatSync(path, { throwIfNoEntry: false });
    if (link === undefined) return { path, real: path, before: undefined };
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw refuse('is a link to a file that does not exist');
    if (stat.isDirectory()) throw refuse('is a folder, and should be a file');
    if (!stat.isFile()) throw refuse('is not a regular file');
    if ((stat.mode & 0o200) === 0) throw refuse(`is read-only: make it writable, or ${BY_HAND}`);
    if (stat.size > PROFILE_BYTES_MAX) throw refuse('is too large for a profile');
    return { path, real: realpathSync(path), before: readFileSync(path) };
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    throw refuse(`cannot be read (${reasonOf(error)})`, error);
  }
}

function refuseChangedLines(path: string, lines: ReturnType<typeof markedLines>): void {
  const changed = lines.find(({ file }) => file === undefined);
  if (changed === undefined) return;
  throw notSetUp(
    `line ${changed.number} of ${quote(path)} has the mark of setup, and is not as setup wrote it: delete that line, and run this again`,
  );
}

function fishProfilePath(home: string, env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(xdg) ? xdg : join(home, '.config'), 'fish', 'config.fish');
}

/** The folder of .zshrc. Many set ZDOTDIR in .zshenv, without exporting it, so that only zsh itself knows it. */
function zshFolder(program: string, home: string, env: NodeJS.ProcessEnv): string {
  const mark = 'tarwarden-zdotdir:';
  try {
    const output = execFileSync(program, ['-c', `print -r -- "${mark}\${ZDOTDIR-$HOME}"`], {
      cwd: home,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ZSH_TIMEOUT_MS,
    });
    const line = output.split('\n').findLast((text) => text.startsWith(mark)) ?? '';
    const folder = line.slice(mark.length);
    if (isAbsolute(folder)) return folder;
  } catch {
    // Without an answer, the variable of this process counts.
  }
  const zdotdir = env['ZDOTDIR'] ?? '';
  return isAbsolute(zdotdir) ? zdotdir : home;
}
