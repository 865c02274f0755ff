import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFINED_PHASE, yarnCommandAt } from '@tarwarden/guarded-run';
import { homeFolder } from '@tarwarden/host/home-folder';
import { npmProjectRoot } from '@tarwarden/settings';
import { ConfineError } from '../paths.ts';
import {
  carried,
  has,
  textOf,
  userFolder,
  valueOf,
  withOptions,
  type Client,
  type ClientCall,
  type ClientStep,
  type Project,
} from './client.ts';
import { corepack } from './yarn.ts';

const CACHE = {
  options: ['--cache-folder'],
  variables: ['yarn_cache_folder', 'npm_config_cache_folder'],
  files: { '~/.yarnrc': 'cache-folder' },
};

/** Options about places and targets. They hold for the second phase as well. */
const CARRIED = {
  withValue: '--cwd --modules-folder --registry --mutex',
  flags:
    '--production --production=true --production=false --prod --ignore-optional --ignore-engines --ignore-platform ' +
    '--flat --no-bin-links --link-duplicates --focus --enable-pnp --pnp --disable-pnp --silent -s --verbose --json ' +
    '--non-interactive --no-progress',
};

/** Without a lockfile, the second phase could choose other versions than the first. */
const WITHOUT_LOCKFILE = ['--no-lockfile', '--pure-lockfile'];

export const yarnClassic: Client = {
  programs: ['yarn'],
  root: ({ cwd, args }) => npmProjectRoot(resolve(cwd, valueOf(args, '--cwd') ?? '.')),
  userFolders: [{ files: { '~/.yarnrc': 'yarn-offline-mirror' } }],
  askedFolders: (call) => [cacheOf(call), ...corepack(call)],
  // The user's .yarnrc decides what Yarn installs, and where.
  needs: (call) => [ownRc(call)],
  env: (_, { phase }) => ({ [CONFINED_PHASE]: phase }),
  commands: {
    install: 'install add remove upgrade',
    refused: 'link unlink upgrade-interactive import global create policies set',
  },
  commandIn(args) {
    const at = yarnCommandAt(args);
    // Yarn answers these without a project.
    const isQuestion = ['--version', '-v', '--help', '-h'].includes(args[0] ?? '');
    return [args[at] ?? (isQuestion ? args[0]! : 'install'), at];
  },
  check(project, at) {
    refuseKeptSecrets(ownRc(project));
    const [command, , inner = ''] = project.args.slice(at);
    if (command === 'workspace' && yarnClassic.commands!.install.split(' ').includes(inner))
      throw new ConfineError(
        `"yarn workspace" starts another Yarn; run "yarn ${inner}" in the folder of the workspace`,
      );
  },
  install,
};

function* install(project: Project): Generator<ClientStep> {
  const { args, root } = project;
  const without = WITHOUT_LOCKFILE.find((option) => has(args, option));
  if (without !== undefined)
    throw new ConfineError(
      `scripts run in a step of their own, which needs yarn.lock: leave ${without} out, or use --frozen-lockfile`,
    );
  // Yarn looks for another folder if it cannot write to its cache, as in the second step.
  const folder = ['--cache-folder', cacheOf(project)];
  yield { args: withOptions(args, '--ignore-scripts', ...folder), phase: 'fetch' };
  if (has(args, '--ignore-scripts')) return;
  if (!existsSync(join(root, 'yarn.lock')))
    throw new ConfineError(
      'the packages are there, but their scripts have not run: Yarn wrote no yarn.lock, which a setting may forbid',
    );
  yield {
    args: ['install', '--offline', '--frozen-lockfile', ...folder, ...carried(args, CARRIED)],
    phase: 'scripts',
  };
}

function cacheOf(call: ClientCall): string {
  const usual = `${call.env['XDG_CACHE_HOME'] || join(yarnHome(call), '.cache')}/yarn`;
  return userFolder({ ...CACHE, usual }, call)!;
}

/** The folder with the user's own files of Yarn 1. For root it is not the home folder. */
function yarnHome({ env }: Pick<ClientCall, 'env'>): string {
  return process.getuid?.() === 0 && !env['FAKEROOTKEY'] ? '/usr/local/share' : homeFolder(env);
}

function ownRc(call: ClientCall): string {
  const files = [yarnHome(call), homeFolder(call.env)].map((folder) => join(folder, '.yarnrc'));
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

/** A setting with credentials. */
const KEPT_SECRET =
  /^\s*["']?([^\s"']*(?:_auth|[pP]assword|[tT]oken)[^\s"']*)["']?\s+["']?[^\s"']/m;

/** The file has to stay readable, because it decides what Yarn installs, and where. */
function refuseKeptSecrets(file: string): void {
  const [, name] = KEPT_SECRET.exec(textOf(file)) ?? [];
  if (name === undefined) return;
  throw new ConfineError(
    `${file} holds ${name}, which scripts could read, since Yarn has to; move it to ~/.npmrc, which they cannot read`,
  );
}
