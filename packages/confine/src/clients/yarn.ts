import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { YARN_CONFINED } from '@tarwarden/guarded-run';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import { pathFrom } from '../paths.ts';
import { ConfineError } from '../refusal.ts';
import { readText, readYaml, refuseElsewhere, textOf } from '../settings.ts';
import { valueOf, type Call, type Client, type Project, type Step } from './client.ts';
import { keptSecret } from './yarn-secrets.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Commands that take `--mode=skip-build`. */
const INSTALLS = words('install add remove up dedupe');
const NEITHER = words('link unlink unplug upgrade-interactive set patch-commit import');

export const yarn: Client = {
  root: rootOf,
  folders,
  needs: (call) => [ownSettings(call)],
  // A second name for a file of the cache could be used to change it.
  env: ({ env }, { phase }) => ({
    YARN_NM_MODE: env['YARN_NM_MODE'] ?? 'classic',
    [YARN_CONFINED]: phase,
  }),
  *steps(project) {
    const { args } = project;
    refuseOtherFolders(project);
    refuseSecondNames(project);
    refuseKeptSecrets(project);
    const at = args[0] === '--cwd' ? 2 : args[0]?.startsWith('--cwd=') === true ? 1 : 0;
    const command = args[at] ?? 'install';
    const isFocus = command === 'workspaces' && args[at + 1] === 'focus';
    if (NEITHER.has(command) || isFocus)
      throw new ConfineError(`"yarn ${command}" cannot be split into downloads and scripts`);
    if (INSTALLS.has(command) || (command.startsWith('--') && !isQuestion(command)))
      yield* install(project, args[at] === undefined ? [...args, 'install'] : args);
    else if (command === 'rebuild') yield { args, phase: 'scripts' };
    else yield { args, phase: 'whole' };
  },
};

/** What Yarn answers without a project. */
function isQuestion(option: string): boolean {
  return ['--version', '--help', '--clipanion=definitions'].includes(option);
}

function* install({ args }: Project, given: readonly string[]): Generator<Step> {
  yield { args: [...given, '--mode=skip-build'], phase: 'fetch' };
  if (valueOf(args, '--mode') !== undefined) return;
  const cwd = valueOf(given, '--cwd');
  // Yarn remembers what it has not built, and builds that. Its logs would go with the folder for temporary files.
  yield {
    args: [
      ...(cwd === undefined ? [] : [`--cwd=${cwd}`]),
      'install',
      '--immutable',
      '--inline-builds',
    ],
    phase: 'scripts',
  };
}

/** What a second install asks of the network, switched off: it has none. Yarn 3 stops at names that it does not know. */
export const YARN_OFFLINE: NodeJS.ProcessEnv = {
  YARN_ENABLE_NETWORK: '0',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_HARDENED_MODE: undefined,
};

function folders(call: Call): string[] {
  const { env } = call;
  const home = homeFolder(env);
  const own = readYaml(ownSettings(call));
  const named = (variable: string, setting: string): string | undefined =>
    env[variable] || textOf(own[setting], env);
  const global = named('YARN_GLOBAL_FOLDER', 'globalFolder') ?? join(home, '.yarn/berry');
  const cache = named('YARN_CACHE_FOLDER', 'cacheFolder');
  return [
    pathFrom(global, call),
    ...(cache === undefined ? [] : [pathFrom(cache, call)]),
    ...corepack(call),
  ];
}

/** corepack downloads the Yarn that a project names. */
export function corepack({ program, env }: Pick<Call, 'program' | 'env'>): string[] {
  if (!/[\\/]corepack[\\/]/.test(realpathSync(program))) return [];
  const cache = env['XDG_CACHE_HOME'] || join(homeFolder(env), '.cache');
  return [env['COREPACK_HOME'] || join(cache, 'node/corepack')];
}

function ownSettings({ env }: Pick<Call, 'env'>): string {
  return join(homeFolder(env), fileName(env));
}

/** All files of settings that Yarn reads: it looks in every folder above as well. */
function settingsOf(call: Call): string[] {
  const above = foldersAbove(realAsFar(startOf(call)));
  return [...above.map((folder) => join(folder, fileName(call.env))), ownSettings(call)];
}

function fileName(env: NodeJS.ProcessEnv): string {
  return env['YARN_RC_FILENAME'] || '.yarnrc.yml';
}

/** Yarn stops where it cannot read a file of settings, so that those of the user cannot be kept from scripts. */
function refuseKeptSecrets(project: Project): void {
  for (const file of settingsOf(project)) {
    if (isWithin(project.root, file)) continue;
    const name = keptSecret(readText(file));
    if (name === undefined) continue;
    throw new ConfineError(
      `${file} holds ${name}, which scripts could read, since Yarn has to; put it into a variable: ${name}: "\${YARN_SECRET-}"`,
    );
  }
}

/** It has files of an index in the global folder under second names in the project, where scripts write. */
function refuseSecondNames(call: Call): void {
  const { env } = call;
  // A value may be a variable with this as its default.
  const isAsked = settingsOf(call).some((file) =>
    String(readYaml(file)['nodeLinker']).includes('pnpm'),
  );
  const own = env['YARN_NODE_LINKER'];
  if (own === 'pnpm' || (isAsked && !own))
    throw new ConfineError(
      'nodeLinker is "pnpm", by which scripts could change files of the global folder; to install with another one: YARN_NODE_LINKER=node-modules',
    );
}

function startOf({ cwd, args }: Call): string {
  return resolve(cwd, valueOf(args.slice(0, 2), '--cwd') ?? '.');
}

function refuseOtherFolders(project: Project): void {
  const { root, env } = project;
  const rc = readYaml(join(root, fileName(env)));
  const overruled = { cacheFolder: 'YARN_CACHE_FOLDER', globalFolder: 'YARN_GLOBAL_FOLDER' };
  const named = Object.entries(overruled)
    .filter(([, variable]) => !env[variable])
    .map(([name]) => ({ by: `${name} in .yarnrc.yml`, value: textOf(rc[name], env) }));
  refuseElsewhere(named, { root, allowed: folders(project), where: project });
}

/** As Yarn finds it: the nearest folder with a lockfile, else the topmost package. */
function rootOf(call: Call): string {
  const start = startOf(call);
  const packages = foldersAbove(start).filter((folder) => existsSync(join(folder, 'package.json')));
  const locked = nearestWith(start, ['yarn.lock']);
  return locked ?? packages.at(-1) ?? start;
}
