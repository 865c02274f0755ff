/* Finds and reads all policies that count for a project. */
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import {
  JsonSyntaxError,
  parseJson,
  type JsonDocument,
  loosenings,
  parsePolicy,
  pathText,
  type PolicyProblem,
  type PolicyFile,
} from '@tarwarden/core/policy';
import { printablePath } from '@tarwarden/core/text';
import type { Environment } from '../known/cache-directory.ts';
import { machinePolicyPath, readMachinePolicy } from './machine-policy.ts';
import { manifestPolicy, POLICY_FILE } from './policy-places.ts';
import { mayBePlanted, refuseForeignUserFile, refusePlantedFile } from './own-file.ts';
import { projectFolders } from './project-root.ts';
import { isWithin, realOrSame } from '../project/real-path.ts';
import { readTextFile, type TextFile } from './text-file.ts';
import { userConfigFolder, userPolicyPath } from './user-policy.ts';

export interface LoadPolicyOptions {
  /** The folder from which the repository's policy file is searched, up to the project's root. If absent, only those of the machine and of the user count. */
  readonly cwd?: string | undefined;
  /** Environment variables, as in `process.env`. They locate the user's configuration. */
  readonly env: Environment;
  /** For tests: a file in place of the policy of the machine. */
  readonly machineFile?: string;
  /** A file in place of the user's own policy file, named by the user. It must exist. */
  readonly userFile?: string | undefined;
  /** The day that exceptions are compared with, `YYYY-MM-DD`, UTC; today by default. */
  readonly today?: string;
  readonly platform?: NodeJS.Platform;
  /** Policies in the configuration files of managers, in any order. */
  readonly settings?: readonly PolicySettings[];
}

/**
 * A policy in the configuration of a package manager. It counts as the user's own policy or as a repository's policy, like its file.
 */
export interface PolicySettings {
  readonly origin: string;
  /** Whether the file is the user's own, which may loosen, or a repository's. */
  readonly own: boolean;
  /** The policy itself, by the schema of `tarwarden.json`; or `file`, the absolute path of one that must exist. */
  readonly value?: unknown;
  readonly file?: string;
}

/** The most problems of one policy file that an error lists. */
const MAX_PROBLEMS = 20;

export interface PolicyJson {
  readonly path: string;
  readonly document: JsonDocument;
  /** The key path of the policy in its file; empty if the file contains only the policy. */
  readonly under: readonly string[];
}

/** Where a policy comes from, which decides whether it may loosen. */
export type PolicyKind = 'machine' | 'user' | 'project';

export interface PolicyFileInForce {
  readonly path: string;
  readonly kind: PolicyKind;
}

export interface ReadPolicy {
  readonly json: PolicyJson;
  readonly kind: PolicyKind;
  readonly file: PolicyFile;
}

export interface ReadPolicies {
  readonly policies: readonly ReadPolicy[];
  /** A warning for each policy that does not count because of its place. */
  readonly passedOver: readonly string[];
}

/** @throws the errors of `loadPolicy`. */
export function readPolicies(options: LoadPolicyOptions): ReadPolicies {
  const { userFile, platform } = options;
  const policies: ReadPolicy[] = [...readMachinePolicies(options)];
  const add = (json: PolicyJson | undefined, kind: PolicyKind, isSetting = false): void => {
    if (json === undefined) return;
    const file = policyFileIn(json);
    if (kind === 'project') refuseLoosening(json, file);
    else if (isSetting) refuseModeOutside(json, file, userPath);
    policies.push({ json, kind, file });
  };
  const userPath = userFile ?? userPolicyPath(options.env, platform);
  const ownFolder = userConfigFolder(options.env, platform);
  const cwd = options.cwd ?? process.cwd();
  const user = openPolicy(userPath, { follow: true }, (file) => {
    refuseForeignUserFile(userPath, file.stat);
    if (userFile === undefined) refusePlantedFile(userPath, ownFolder, cwd);
  });
  if (userFile !== undefined && user === undefined)
    throw new TarwardenError('POLICY_UNREADABLE', `${printablePath(userFile)} does not exist`);
  add(user, 'user');
  const folders = options.cwd === undefined ? [] : projectFolders(options.cwd);
  add(findRepositoryPolicy(folders), 'project');
  const passedOver: string[] = [];
  const root = folders.at(-1);
  for (const setting of options.settings ?? []) {
    // If HOME is the checkout, the client reports one file as the project's and as the user's own.
    const isOwn = setting.own && !mayBePlanted(dirname(setting.origin), cwd);
    const settings = { ...setting, own: isOwn };
    if (isOwn || liesIn(root, setting.origin))
      add(openSettings(settings, root), isOwn ? 'user' : 'project', true);
    else
      passedOver.push(
        `${printablePath(setting.origin)} lies above the root of the project (${printablePath(root ?? '')}): its policy does not count`,
      );
  }
  return { policies, passedOver };
}

/** The policy of the machine, if there is one. @throws the errors of `loadPolicy`. */
export function readMachinePolicies(
  options: Pick<LoadPolicyOptions, 'machineFile' | 'platform'>,
): readonly ReadPolicy[] {
  const { platform, machineFile: path = machinePolicyPath(platform) } = options;
  const machine = readMachinePolicy(path);
  if (machine === undefined) return [];
  const json = { path, document: parseText(path, machine.text), under: [] };
  return [{ json, kind: 'machine', file: policyFileIn(json) }];
}

function liesIn(root: string | undefined, path: string): boolean {
  return root !== undefined && isWithin(root, join(realOrSame(dirname(path)), basename(path)));
}

function openSettings(settings: PolicySettings, root: string | undefined): PolicyJson {
  const { origin, own: isOwn, file: path } = settings;
  if (isOwn) refuseForeignUserFile(origin, statSync(origin));
  if (path === undefined) {
    const document = parseText(origin, JSON.stringify(settings.value ?? {}, null, 2));
    return { path: origin, document, under: [] };
  }
  if (!isOwn && !liesIn(root, path))
    throw new TarwardenError(
      'POLICY_UNTRUSTED',
      `${printablePath(path)}, which ${printablePath(origin)} names, lies outside the project ${printablePath(root ?? '')}: move it there`,
    );
  const namedPolicy = openPolicy(path, { follow: false }, (file) => {
    if (isOwn) refuseForeignUserFile(path, file.stat);
  });
  if (namedPolicy !== undefined) return namedPolicy;
  const problem = `${printablePath(path)}, which ${printablePath(origin)} names, does not exist`;
  throw new TarwardenError('POLICY_UNREADABLE', problem);
}

function findRepositoryPolicy(folders: readonly string[]): PolicyJson | undefined {
  for (const folder of folders) {
    const nearest = policyIn(folder);
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

function policyIn(folder: string): PolicyJson | undefined {
  const alone = openPolicy(join(folder, POLICY_FILE), { follow: false });
  const manifest = openManifest(join(folder, 'package.json'));
  if (alone !== undefined && manifest !== undefined) {
    throw new TarwardenError(
      'POLICY_INVALID',
      `${printablePath(alone.path)} and the "tarwarden" field of package.json beside it are both there; keep one`,
    );
  }
  return alone ?? manifest;
}

export function openPolicy(
  path: string,
  options: { follow: boolean },
  check?: (file: TextFile) => void,
): PolicyJson | undefined {
  const file = readTextFile(path, options);
  if (file === undefined) return undefined;
  check?.(file);
  return { path, document: parseText(path, file.text), under: [] };
}

/** A package.json with a `tarwarden` field. */
function openManifest(path: string): PolicyJson | undefined {
  if (manifestPolicy(path) === undefined) return undefined;
  // Read it again: a policy file must be UTF-8 and no link.
  const file = readTextFile(path, { follow: false });
  if (file === undefined) return undefined;
  return { path, document: parseText(path, file.text), under: ['tarwarden'] };
}

function parseText(path: string, text: string): JsonDocument {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalid(path, [{ position: error.position, message: error.message }], error);
  }
}

export function policyFileIn(json: PolicyJson): PolicyFile {
  const result = parsePolicy(json.document, json.under);
  if (result.ok) return result.file;
  throw invalid(json.path, result.problems);
}

function refuseLoosening(json: PolicyJson, file: PolicyFile): void {
  const problems = loosenings(file).map(({ path, message }) => ({
    position: json.document.position([...json.under, ...path]),
    message: `${pathText(path)} ${message}`,
  }));
  if (problems.length > 0) throw invalid(json.path, problems);
}

/** Only the user's own file may switch refusals off, so that people have one file to check. */
function refuseModeOutside(json: PolicyJson, { mode }: PolicyFile, userPath: string): void {
  if (mode !== 'report') return;
  const position = json.document.position([...json.under, 'mode']);
  const message = `mode "report" counts in ${printablePath(userPath)} alone`;
  throw invalid(json.path, [{ position, message }]);
}

function invalid(
  path: string,
  problems: readonly PolicyProblem[],
  cause?: unknown,
): TarwardenError {
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ position, message }) =>
        `${printablePath(path)}:${position.line}:${position.column}: ${message}`,
    );
  if (problems.length > MAX_PROBLEMS) lines.push(`and ${problems.length - MAX_PROBLEMS} more`);
  return new TarwardenError('POLICY_INVALID', lines.join('\n'), { cause });
}
