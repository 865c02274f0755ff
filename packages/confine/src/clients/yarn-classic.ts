import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFINED_PHASE, yarnCommandAt } from '@tarwarden/guarded-run';
import { homeFolder } from '@tarwarden/host/home-folder';
import {
  isOwn,
  lookUp,
  readText,
  clientContext,
  yarnClassicFolder,
  yarnClassicLayers,
  yarnClassicOptions,
  type SettingsLayer,
  type ClientContext,
} from '@tarwarden/settings';
import { pathFrom } from '../paths.ts';
import { ConfineError } from '../refusal.ts';
import { refuseElsewhere } from '../settings.ts';
import {
  has,
  valueOf,
  type ClientCall,
  type Client,
  type Project,
  type ClientStep,
} from './client.ts';
import { workspaceRoot } from './npm.ts';
import { corepack } from './yarn.ts';

const words = (text: string): readonly string[] => text.split(' ');

const INSTALLS = words('install add remove upgrade');
/** These commands cannot be split into two phases, or write to the folders of programs on the PATH. */
const NEITHER = words('link unlink upgrade-interactive import global create policies set');

/** Options about places and targets. They hold for the second phase as well. */
const CARRIED_WITH_VALUE = words('--cwd --modules-folder --registry --mutex');
const CARRIED = words(
  '--production --production=true --production=false --prod --ignore-optional --ignore-engines --ignore-platform ' +
    '--flat --no-bin-links --link-duplicates --focus --enable-pnp --pnp --disable-pnp --silent -s --verbose --json ' +
    '--non-interactive --no-progress',
);

/** Without a lockfile, the second phase could choose other versions than the first. */
const WITHOUT_LOCKFILE = ['--no-lockfile', '--pure-lockfile'];

export const yarnClassic: Client = {
  programs: ['yarn'],
  root: (call) => workspaceRoot(startOf(call)),
  folders: (call) => [
    cacheOf(call, isOwn),
    ...pathsOf(call, MIRROR, isOwn).slice(0, 1),
    ...corepack(call),
  ],
  // The project's .yarnrc decides what Yarn installs, and where.
  needs: (call) => [ownRc(call)],
  env: (_, { phase }) => ({ [CONFINED_PHASE]: phase }),
  *steps(project) {
    const { args } = project;
    refuseOtherFolders(project);
    refuseKeptSecrets(ownRc(project));
    const at = yarnCommandAt(args);
    const command = args[at] ?? (isQuestion(args[0] ?? '') ? args[0]! : 'install');
    if (NEITHER.includes(command))
      throw new ConfineError(`"yarn ${command}" cannot be split into downloads and scripts`);
    if (command === 'workspace' && INSTALLS.includes(args[at + 2] ?? ''))
      throw new ConfineError(
        `"yarn workspace" starts another Yarn; run "yarn ${args[at + 2]}" in the folder of the workspace`,
      );
    if (INSTALLS.includes(command)) yield* install(project);
    else yield { args, phase: 'whole' };
  },
};

/** Yarn answers these without a project. */
function isQuestion(option: string): boolean {
  return ['--version', '-v', '--help', '-h'].includes(option);
}

function* install(project: Project): Generator<ClientStep> {
  const { args, root } = project;
  const without = WITHOUT_LOCKFILE.find((option) => has(args, option));
  if (without !== undefined)
    throw new ConfineError(
      `scripts run in a step of their own, which needs yarn.lock: leave ${without} out, or use --frozen-lockfile`,
    );
  const folder = ['--cache-folder', cacheOf(project, () => true)];
  const dashes = args.indexOf('--');
  const end = dashes === -1 ? args.length : dashes;
  const fetch = [...args.slice(0, end), '--ignore-scripts', ...folder, ...args.slice(end)];
  yield { args: fetch, phase: 'fetch' };
  if (wantsNoScripts(project)) return;
  if (!existsSync(join(root, 'yarn.lock')))
    throw new ConfineError(
      'the packages are there, but their scripts have not run: Yarn wrote no yarn.lock, which a setting may forbid',
    );
  yield {
    args: ['install', '--offline', '--frozen-lockfile', ...folder, ...carriedOptions(args)],
    phase: 'scripts',
  };
}

function carriedOptions(args: readonly string[]): string[] {
  return [
    ...CARRIED_WITH_VALUE.flatMap((name) => {
      const value = valueOf(args, name);
      return value === undefined ? [] : [name, value];
    }),
    ...CARRIED.filter((name) => has(args, name)),
  ];
}

function wantsNoScripts(project: Project): boolean {
  if (has(project.args, '--ignore-scripts')) return true;
  const options = yarnClassicOptions(whereIn(project), project.args);
  const named = options.flatMap(({ values }) => [...values]);
  // Only `true` counts for an option, and a later `false` does not revoke it.
  if (named.some(([name, value]) => value === true && isOption(name, 'ignore-scripts')))
    return true;
  return Boolean(
    lookUp(yarnClassicLayers(whereIn(project), project.args), 'ignore-scripts')?.value,
  );
}

const MIRROR = 'yarn-offline-mirror';
const CACHE = 'cache-folder';

function startOf({ cwd, args }: ClientCall): string {
  return resolve(cwd, valueOf(args, '--cwd') ?? '.');
}

function whereIn(call: ClientCall): ClientContext {
  return clientContext({ folder: startOf(call), env: call.env });
}

/** Whether a name in an .yarnrc is an option for all commands or for one: `--cache-folder`, `--install.cache-folder`. */
function isOption(name: string, option: string): boolean {
  return new RegExp(`^--(?:[^.]+\\.)?${option}$`).test(name);
}

/** The paths in settings whose origin counts, the strongest first. */
function pathsOf(
  call: ClientCall,
  name: string,
  counts: (layer: SettingsLayer) => boolean,
): string[] {
  const where = whereIn(call);
  const options = yarnClassicOptions(where, call.args).map((layer) => {
    const values = [...layer.values].filter(([option]) => isOption(option, name));
    return { layer, values };
  });
  const settings = yarnClassicLayers(where, call.args).map((layer) => {
    const values = [...layer.values].filter(([option]) => option === name);
    return { layer, values };
  });
  return [...options, ...settings]
    .filter(({ layer }) => counts(layer))
    .flatMap(({ values }) => values.map(([, value]) => String(value)))
    .filter((path) => path !== '')
    .map((path) => pathFrom(path, call));
}

function ownRc({ env }: Pick<ClientCall, 'env'>): string {
  const home = homeFolder(env);
  const files = [yarnClassicFolder({ env, home }), home].map((folder) => join(folder, '.yarnrc'));
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

/** The cache that settings name whose origin counts. */
function cacheOf(call: ClientCall, counts: (layer: SettingsLayer) => boolean): string {
  const { args, env } = call;
  const named = valueOf(args, '--cache-folder');
  if (named !== undefined && named !== '') return pathFrom(named, call);
  const [path] = pathsOf(call, CACHE, counts);
  if (path !== undefined) return path;
  const own = yarnClassicFolder({ env, home: homeFolder(env) });
  return join(env['XDG_CACHE_HOME'] || join(own, '.cache'), 'yarn');
}

function refuseOtherFolders(project: Project): void {
  const named = [CACHE, MIRROR].flatMap((name) =>
    pathsOf(project, name, (layer) => !isOwn(layer)).map((value) => ({
      by: `${name} in a settings file`,
      value,
    })),
  );
  const allowed = yarnClassic.folders(project);
  refuseElsewhere(named, { root: project.root, allowed, where: project });
}

/** A setting with credentials. */
const KEPT_SECRET =
  /^\s*["']?([^\s"']*(?:_auth|[pP]assword|[tT]oken)[^\s"']*)["']?\s+["']?[^\s"']/m;

/** The file has to stay readable, because it decides what Yarn installs, and where. */
function refuseKeptSecrets(file: string): void {
  const [, name] = KEPT_SECRET.exec(readText(file)?.text ?? '') ?? [];
  if (name === undefined) return;
  throw new ConfineError(
    `${file} holds ${name}, which scripts could read, since Yarn has to; move it to ~/.npmrc, which they cannot read`,
  );
}
