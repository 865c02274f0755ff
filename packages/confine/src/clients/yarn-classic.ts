import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFINED_PHASE, yarnCommandAt } from '@tarwarden/guarded-run';
import { homeFolder } from '@tarwarden/host/home-folder';
import { pathFrom } from '../paths.ts';
import { ConfineError } from '../refusal.ts';
import { readIni, readText, refuseElsewhere, textOf, variable, type Named } from '../settings.ts';
import { has, valueOf, type Call, type Client, type Project, type Step } from './client.ts';
import { userConfig, workspaceRoot } from './npm.ts';
import { corepack } from './yarn.ts';

const words = (text: string): readonly string[] => text.split(' ');

const INSTALLS = words('install add remove upgrade');
/** What cannot be split, or writes where programs are looked for. */
const NEITHER = words('link unlink upgrade-interactive import global create policies set');

/** Options that say where and for whom, and hold for the second phase as well. */
const CARRIED_WITH_VALUE = words('--cwd --modules-folder --registry --mutex');
const CARRIED = words(
  '--production --production=true --production=false --prod --ignore-optional --ignore-engines --ignore-platform ' +
    '--flat --no-bin-links --link-duplicates --focus --enable-pnp --pnp --disable-pnp --silent -s --verbose --json ' +
    '--non-interactive --no-progress',
);

/** Without a lockfile the second phase could take other versions than the first. */
const WITHOUT_LOCKFILE = ['--no-lockfile', '--pure-lockfile'];

export const yarnClassic: Client = {
  programs: ['yarn'],
  root: ({ cwd, args }) => workspaceRoot(resolve(cwd, valueOf(args, '--cwd') ?? '.')),
  folders: (call) => [
    cacheOf(call),
    ...[textOf(ownSetting(call, MIRROR), call.env) ?? []].flat(),
    ...corepack(call),
  ],
  // Its .yarnrc says what it installs, and where to.
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

/** What Yarn answers without a project. */
function isQuestion(option: string): boolean {
  return ['--version', '-v', '--help', '-h'].includes(option);
}

function* install(project: Project): Generator<Step> {
  const { args, root } = project;
  const without = WITHOUT_LOCKFILE.find((option) => has(args, option));
  if (without !== undefined)
    throw new ConfineError(
      `scripts run in a step of their own, which needs yarn.lock: leave ${without} out, or use --frozen-lockfile`,
    );
  const folder = ['--cache-folder', repositoryCache(project) ?? cacheOf(project)];
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

function wantsNoScripts({ args, env, root }: Project): boolean {
  if (has(args, '--ignore-scripts')) return true;
  const rc = [join(root, '.yarnrc'), ownRc({ env })].map(readRc);
  const switched = [
    env['YARN_IGNORE_SCRIPTS'] ?? env['yarn_ignore_scripts'],
    variable(env, 'ignore_scripts'),
    ...rc.flatMap((one) => [
      one['ignore-scripts'],
      one['--ignore-scripts'],
      one['--install.ignore-scripts'],
    ]),
  ];
  const npmrc = [join(root, '.npmrc'), userConfig({ env })];
  return (
    switched.some((one) => one !== undefined && one !== '' && one !== 'false') ||
    npmrc.some((file) => readIni(file)['ignore-scripts'] === true)
  );
}

const MIRROR = 'yarn-offline-mirror';
const CACHE = 'cache-folder';

/** Where Yarn 1 looks for what is the user's own: for root it is not root's home folder. */
function ownFolder({ env }: Pick<Call, 'env'>): string {
  const isRoot = process.getuid?.() === 0 && !env['FAKEROOTKEY'];
  return isRoot ? '/usr/local/share' : homeFolder(env);
}

/** The file of the user's own settings. */
function ownRc({ env }: Pick<Call, 'env'>): string {
  const files = [ownFolder({ env }), homeFolder(env)].map((folder) => join(folder, '.yarnrc'));
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

function ownSetting(call: Pick<Call, 'env'>, name: string): string | undefined {
  const rc = readRc(ownRc(call));
  return rc[name] ?? rc[`--${name}`] ?? plain(readIni(userConfig(call))[name]);
}

function cacheOf(call: Call): string {
  const { args, env } = call;
  const named =
    valueOf(args, '--cache-folder') ||
    env['YARN_CACHE_FOLDER'] ||
    variable(env, 'cache_folder') ||
    textOf(ownSetting(call, CACHE), env);
  if (named !== undefined) return pathFrom(named, call);
  return join(env['XDG_CACHE_HOME'] || join(ownFolder(call), '.cache'), 'yarn');
}

/** In the project, where the user says nothing else. */
function repositoryCache(project: Project): string | undefined {
  if (valueOf(project.args, '--cache-folder') || project.env['YARN_CACHE_FOLDER']) return undefined;
  const named = namedFolders(project).find(
    ({ by, value }) => by.includes(CACHE) && value !== undefined,
  );
  return named?.value === undefined ? undefined : resolve(project.root, named.value);
}

function refuseOtherFolders(project: Project): void {
  const { root } = project;
  refuseElsewhere(namedFolders(project), {
    root,
    allowed: yarnClassic.folders(project),
    where: project,
  });
}

/** What a repository says about folders. */
function namedFolders({ root, env }: Project): Named[] {
  const rc = readRc(join(root, '.yarnrc'));
  const npmrc = readIni(join(root, '.npmrc'));
  const ofRc = Object.keys(rc).filter((key) =>
    [CACHE, MIRROR].includes(key.replace(/^--(?:[^.]+\.)?/, '')),
  );
  return [
    ...ofRc.map((key) => ({ by: `${key} in .yarnrc`, value: rc[key] })),
    ...[CACHE, MIRROR].map((key) => ({
      by: `${key} in .npmrc`,
      value: textOf(plain(npmrc[key]), env),
    })),
  ];
}

/** A setting that signs somebody in. */
const KEPT_SECRET =
  /^\s*["']?([^\s"']*(?:_auth|[pP]assword|[tT]oken)[^\s"']*)["']?\s+["']?[^\s"']/m;

/** It has to be readable, since it says what Yarn installs and where to. */
function refuseKeptSecrets(file: string): void {
  const [, name] = KEPT_SECRET.exec(readText(file)) ?? [];
  if (name === undefined) return;
  throw new ConfineError(
    `${file} holds ${name}, which scripts could read, since Yarn has to; move it to ~/.npmrc, which they cannot read`,
  );
}

/** An .yarnrc of Yarn 1: names and values, with or without quotes. */
function readRc(file: string): Readonly<Record<string, string | undefined>> {
  const lines = readText(file).matchAll(
    /^["']?([\w.@/:-]+)["']?:?[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|(\S+))[ \t]*$/gm,
  );
  return Object.fromEntries([...lines].map(([, name = '', a, b, c]) => [name, a ?? b ?? c]));
}

function plain(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
