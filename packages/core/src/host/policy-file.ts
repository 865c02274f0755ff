import { join, resolve } from 'node:path';
import { TarwardenError } from '../errors.ts';
import { dayOf } from '../policy/day.ts';
import { hasExpired } from '../policy/exceptions.ts';
import { JsonSyntaxError, parseJson, type JsonDocument } from '../policy/json-source.ts';
import { loosenings, mergePolicy, stricterOf } from '../policy/merge.ts';
import { parsePolicy, pathText, type PolicyProblem } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyFile } from '../policy/schema.ts';
import { printable } from '../printable.ts';
import type { Environment } from './cache-directory.ts';
import { foldersAbove, manifestText, POLICY_FILE, userPolicyPath } from './policy-places.ts';
import { readTextFile } from './text-file.ts';

export interface LoadPolicyOptions {
  /** Folder from which the repository's policy file is searched, upwards. Absent: only the user's own counts. */
  readonly cwd?: string | undefined;
  /** Environment variables, as `process.env` gives them: they say where the user's configuration is. */
  readonly env: Environment;
  /** Day that exceptions are measured against, `YYYY-MM-DD`, UTC; today unless given. */
  readonly today?: string;
  readonly platform?: NodeJS.Platform;
  /** Policies that stand in a manager's own configuration files, in any order. */
  readonly settings?: readonly PolicySettings[];
}

/** A policy in the configuration of a package manager. It has the rights of the file in which it stands. */
export interface PolicySettings {
  /** The configuration file, for messages. */
  readonly origin: string;
  /** Whether that is the user's own, which may loosen, or one of a repository. */
  readonly own: boolean;
  /** The policy itself, by the schema of `tarwarden.json`; or `file`, where it is: an absolute path that must exist. */
  readonly value?: unknown;
  readonly file?: string;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Files that were read, absolute paths: the user's, the repository's. */
  readonly files: readonly string[];
  /** What a person should know: exceptions that have expired. One line each, safe for a terminal. */
  readonly warnings: readonly string[];
}

/** Problems of one policy file that an error names. */
const MAX_PROBLEMS = 20;

interface Found {
  readonly path: string;
  readonly document: JsonDocument;
  /** Key under which the policy stands: none in a file of its own. */
  readonly under: readonly string[];
}

/**
 * Reads the user's and the repository's policy files and merges them. Throws `POLICY_INVALID` where a file breaks the
 * schema, is no JSON, or loosens what it may not; `POLICY_UNREADABLE` where one exists and cannot be read.
 */
export function loadPolicy(options: LoadPolicyOptions): LoadedPolicy {
  const today = options.today ?? dayOf(Date.now());
  const all: Placed[] = [];
  const add = (found: Found | undefined, own: boolean): void => {
    if (found === undefined) return;
    const file = parse(found);
    if (!own) refuseLoosening(found, file);
    all.push({ found, own, file });
  };
  add(openPolicy(userPolicyPath(options.env, options.platform), { follow: true }), true);
  if (options.cwd !== undefined) add(findRepositoryPolicy(resolve(options.cwd)), false);
  for (const settings of options.settings ?? []) add(openSettings(settings), settings.own);
  const parts = (own: boolean): PolicyFile =>
    stricterOf(all.filter((one) => one.own === own).map((one) => one.file));
  return {
    policy: mergePolicy({ user: parts(true), repository: parts(false) }, today),
    files: all.map((one) => one.found.path),
    warnings: all.flatMap((one) => expiryWarnings(one.found, one.file, today)),
  };
}

interface Placed {
  readonly found: Found;
  readonly own: boolean;
  readonly file: PolicyFile;
}

function openSettings(settings: PolicySettings): Found {
  if (settings.file === undefined) {
    const document = parseText(settings.origin, JSON.stringify(settings.value ?? {}, null, 2));
    return { path: settings.origin, document, under: [] };
  }
  const found = openPolicy(settings.file, { follow: false });
  if (found !== undefined) return found;
  const problem = `${shown(settings.file)}, which ${shown(settings.origin)} names, does not exist`;
  throw new TarwardenError('POLICY_UNREADABLE', problem);
}

/** The nearest policy at or above a folder. A folder with `.git` is the last that is looked at. */
function findRepositoryPolicy(start: string): Found | undefined {
  for (const folder of foldersAbove(start)) {
    const found = policyIn(folder);
    if (found !== undefined) return found;
  }
  return undefined;
}

function policyIn(folder: string): Found | undefined {
  const alone = openPolicy(join(folder, POLICY_FILE), { follow: false });
  const manifest = openManifest(join(folder, 'package.json'));
  if (alone !== undefined && manifest !== undefined) {
    throw new TarwardenError(
      'POLICY_INVALID',
      `${shown(alone.path)} and the "tarwarden" field of package.json beside it are both there; keep one`,
    );
  }
  return alone ?? manifest;
}

function openPolicy(path: string, how: { follow: boolean }): Found | undefined {
  const text = readTextFile(path, how);
  return text === undefined ? undefined : { path, document: parseText(path, text), under: [] };
}

/** A package.json that has a `tarwarden` field. */
function openManifest(path: string): Found | undefined {
  const text = manifestText(path);
  if (text === undefined) return undefined;
  const document = parseText(path, text);
  const fields = document.value;
  if (typeof fields !== 'object' || fields === null || !('tarwarden' in fields)) return undefined;
  return { path, document, under: ['tarwarden'] };
}

function parseText(path: string, text: string): JsonDocument {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalid(path, [{ place: error.place, message: error.message }], error);
  }
}

function parse(found: Found): PolicyFile {
  const result = parsePolicy(found.document, found.under);
  if (result.ok) return result.file;
  throw invalid(found.path, result.problems);
}

function refuseLoosening(found: Found, file: PolicyFile): void {
  const problems = loosenings(file).map(({ path, message }) => ({
    place: found.document.place([...found.under, ...path]),
    message: `${pathText(path)} ${message}`,
  }));
  if (problems.length > 0) throw invalid(found.path, problems);
}

function invalid(
  path: string,
  problems: readonly PolicyProblem[],
  cause?: unknown,
): TarwardenError {
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map(({ place, message }) => `${shown(path)}:${place.line}:${place.column}: ${message}`);
  if (problems.length > MAX_PROBLEMS) lines.push(`and ${problems.length - MAX_PROBLEMS} more`);
  return new TarwardenError('POLICY_INVALID', lines.join('\n'), { cause });
}

function expiryWarnings(found: Found, file: PolicyFile | undefined, today: string): string[] {
  return (file?.exceptions ?? []).flatMap((exception, index) => {
    if (!hasExpired(exception, today)) return [];
    const { line, column } = found.document.place([...found.under, 'exceptions', index]);
    const what = `the exception for ${printable(exception.package)} (${exception.rule})`;
    return [
      `${shown(found.path)}:${line}:${column}: ${what} expired on ${exception.expires} and no longer holds`,
    ];
  });
}

function shown(path: string): string {
  return printable(path, 4096);
}
