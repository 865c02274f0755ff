/* Decides which policies are believed: files in the project's folders that only this user and root can write. */
import { statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { printablePath } from '@tarwarden/core/text';
import {
  problemOf,
  problemOfFile,
  thisUser,
  type OwnerFacts,
  type OwnershipProblem,
} from './ownership.ts';
import { projectFolders } from './project-root.ts';
import type { TextFile } from './text-file.ts';
import { realAsFar, realOrSame } from '../project/real-path.ts';
import { mayBePlanted } from '../verdict-store/committed.ts';

/** The user's own policy file: its path, and the foreign projects that it trusts. */
interface OwnFile {
  readonly userPath: string;
  readonly exists: boolean;
  /** Roots of projects whose policy counts even if others can write it. */
  readonly projects: readonly string[];
}

/** Settings that contain a policy or name a policy file. */
interface Settings {
  readonly origin: string;
  readonly own: boolean;
}

/** The trust decisions for one project. Throws `POLICY_UNTRUSTED` for a policy that others can write. */
export class PolicyTrust {
  /** The working folder and those above it, up to the project's root; empty if only the user's own file counts. */
  readonly folders: readonly string[];
  readonly #own: OwnFile;
  readonly #trusted: boolean;

  constructor(cwd: string | undefined, own: OwnFile) {
    this.folders = cwd === undefined ? [] : projectFolders(cwd);
    this.#own = own;
    const { root } = this;
    this.#trusted =
      root !== undefined && own.projects.some((project) => realOrSame(project) === root);
  }

  get root(): string | undefined {
    return this.folders.at(-1);
  }

  /** Whether settings belong to the project or to the user. */
  mayHold({ origin, own }: Settings): boolean {
    return own || this.#holds(origin);
  }

  /** Checks a file that another module has read. */
  check(path: string, own: boolean): void {
    this.checkOpened(path, statSync(path), own);
  }

  /** `facts`: those of the open file. */
  checkOpened(path: string, facts: OwnerFacts, own: boolean = false): void {
    if (own) refuse(problemOfFile(path, facts), path);
    else if (!this.#trusted) refuse(problemOfFile(path, facts), path, this);
  }

  /** A repository's settings may name only files of the project. */
  checkNamed(settings: Settings, path: string): void {
    if (settings.own || this.#holds(path)) return;
    throw new TarwardenError(
      'POLICY_UNTRUSTED',
      `${shown(path)}, which ${shown(settings.origin)} names, lies outside the project ${shown(this.root ?? '')}: move it there`,
    );
  }

  /** The lines for the user's own policy file that make the project's policy count. */
  remedy(): string {
    const line = `"trustedProjects": [${JSON.stringify(this.root)}]`;
    const { userPath, exists } = this.#own;
    return exists
      ? `add this line to ${shown(userPath)}: ${shown(line)}`
      : `write this into a new file ${shown(userPath)}: ${shown(`{ ${line} }`)}`;
  }

  #holds(path: string): boolean {
    if (this.root === undefined) return false;
    const real = join(realOrSame(dirname(path)), basename(path));
    const from = relative(this.root, real);
    return from !== '' && from.split(sep)[0] !== '..' && !from.startsWith(sep);
  }
}

/** Refuses a file of the user's `folder` if HOME or XDG_CONFIG_HOME leads into the project, so that it may come from there. */
export function refusePlantedFile(path: string, folder: string, cwd: string): void {
  // If HOME is the checkout, as on Jenkins, the file is the user's if git tracks nothing beside it. But a tracked link in its path may
  // lead to an untracked file; then ask git about the whole folder.
  const isPlain = realAsFar(path) === join(realAsFar(folder), relative(folder, path));
  if (!mayBePlanted(isPlain ? dirname(path) : folder, cwd)) return;
  throw new TarwardenError(
    'POLICY_UNTRUSTED',
    `${shown(path)} is in the project itself, so it may have come with the repository and does not count as your own. Set HOME or XDG_CONFIG_HOME to a folder outside the project`,
  );
}

/**
 * The user's own file may loosen, so it must belong to the user.
 * @param isNamed Whether the user has named the file. Then its folder may be one that all may write, as in a container: a file that
 * somebody else puts there belongs to somebody else.
 */
export function refuseForeignUserFile(path: string, { stat }: TextFile, isNamed = false): void {
  refuse(isNamed ? problemOf(path, stat) : problemOfFile(path, stat), path);
}

function refuse(
  problem: OwnershipProblem | undefined,
  policy: string,
  project?: PolicyTrust,
): void {
  if (problem === undefined) return;
  const { path, message, bits } = problem;
  const what =
    path === policy
      ? `${shown(path)} ${message}`
      : `${shown(path)}, on the way to ${shown(policy)}, ${message}`;
  const lines = [
    `${what}: only a policy that nobody but you (${thisUser()}) and root can write counts`,
  ];
  const letters = `${(bits & 0o020) === 0 ? '' : 'g'}${(bits & 0o002) === 0 ? '' : 'o'}`;
  lines.push(
    bits === 0
      ? `If it is yours: chown ${process.geteuid?.() ?? 0} ${quoted(path)}`
      : `If nobody else has to write there: chmod ${letters}-w ${quoted(path)}`,
  );
  if (project !== undefined) {
    lines.push(`If you trust whoever can write to this project: ${project.remedy()}`);
  }
  throw new TarwardenError('POLICY_UNTRUSTED', lines.join('\n'));
}

/** Quoted for a shell. */
function quoted(path: string): string {
  const text = shown(path);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function shown(path: string): string {
  return printablePath(path);
}
