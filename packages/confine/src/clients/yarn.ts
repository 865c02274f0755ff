import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { yarnCommandAt } from '@tarwarden/clients/yarn/command-line';
import { CONFINED_PHASE, YARN_CONFINED } from '@tarwarden/guard/run';
import { foldersAbove, nearestWith } from '@tarwarden/guard/folders-above';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { isWithin } from '@tarwarden/guard/real-path';
import { npmProjectRoot } from '@tarwarden/clients/settings';
import { ConfineError } from '../paths.ts';
import {
  carried,
  has,
  fileText,
  userFolder,
  optionValue,
  variableOf,
  withOptions,
  type Client,
  type ClientCall,
  type ClientStep,
  type Project,
} from './client.ts';

export const yarn: Client = {
  // Yarn takes the nearest folder with a lockfile, else the topmost package.
  root: (call) => {
    const start = startOf(call);
    const topmost = foldersAbove(start).findLast((folder) =>
      existsSync(join(folder, 'package.json')),
    );
    return nearestWith(start, ['yarn.lock']) ?? topmost ?? start;
  },
  folders: [
    {
      variables: ['YARN_GLOBAL_FOLDER'],
      files: { '~/.yarnrc.yml': 'globalFolder' },
      usual: '~/.yarn/berry',
    },
    { variables: ['YARN_CACHE_FOLDER'], files: { '~/.yarnrc.yml': 'cacheFolder' } },
    ({ env }) => (env['XDG_DATA_HOME'] ? [resolve(env['XDG_DATA_HOME'], 'yarn/berry')] : []),
    corepack,
  ],
  needs: (call) => settingsOf(call).filter((file) => dirname(file) === homeFolder(call.env)),
  // A script could change a file of the cache by a hard link to it.
  env: ({ env }, { phase }) => ({
    YARN_NM_MODE: env['YARN_NM_MODE'] ?? 'classic',
    [YARN_CONFINED]: phase,
  }),
  commands: {
    // They take `--mode=skip-build`. An option in the place of a command belongs to an install.
    install: 'install add remove up dedupe',
    scripts: 'rebuild',
    refused: 'link unlink unplug upgrade-interactive set patch-commit import focus',
  },
  commandIn(args) {
    const at = args[0] === '--cwd' ? 2 : args[0]?.startsWith('--cwd=') === true ? 1 : 0;
    const name = args[at] ?? 'install';
    if (name === 'workspaces' && args[at + 1] === 'focus') return ['focus', at];
    return [name.startsWith('--') && !QUESTIONS.includes(name) ? 'install' : name, at];
  },
  check: refuseKeptSecrets,
  *install({ args }, at) {
    yield {
      args: [...args, ...(args[at] === undefined ? ['install'] : []), '--mode=skip-build'],
      phase: 'fetch',
    };
    if (optionValue(args, '--mode') !== undefined) return;
    const cwd = optionValue(args, '--cwd');
    // Yarn records the packages that it has not built, and builds them. Its logs would vanish with the temporary folder.
    yield {
      args: [
        ...(cwd === undefined ? [] : [`--cwd=${cwd}`]),
        'install',
        '--immutable',
        '--inline-builds',
      ],
      phase: 'scripts',
    };
  },
};

/** Yarn answers these without a project. */
const QUESTIONS = ['--version', '--help', '--clipanion=definitions'];

/** A second install has no network and must not ask for it. Yarn 3 stops at settings that it does not know. */
export const YARN_OFFLINE: NodeJS.ProcessEnv = {
  YARN_ENABLE_NETWORK: '0',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_HARDENED_MODE: undefined,
};

/** corepack downloads the Yarn that a project names. */
function corepack(call: ClientCall): string[] {
  if (!/[\\/]corepack[\\/]/.test(realpathSync(call.program))) return [];
  const folder = { variables: ['COREPACK_HOME'], usual: '$XDG_CACHE_HOME/node/corepack' };
  return [userFolder(folder, call)!];
}

function startOf({ cwd, args }: ClientCall): string {
  return resolve(cwd, optionValue(args.slice(0, 2), '--cwd') ?? '.');
}

/** All files of settings that Yarn reads. It also looks in every folder above the project. Yarn 4 has one name in the home folder. */
function settingsOf(call: ClientCall): readonly string[] {
  const name = variableOf(call.env, 'yarn_rc_filename') ?? '.yarnrc.yml';
  const folders = [...foldersAbove(startOf(call)), homeFolder(call.env)];
  const files = folders.map((folder) => join(folder, name));
  return [...new Set([...files, join(homeFolder(call.env), '.yarnrc.yml')])];
}

/** Yarn stops if it cannot read a file of settings. So the user's files cannot be hidden from scripts. */
function refuseKeptSecrets(project: Project): void {
  for (const file of settingsOf(project)) {
    const name = isWithin(project.root, file) ? undefined : keptSecret(fileText(file));
    refuseSecret(file, name, `put it into a variable: ${name}: "\${YARN_SECRET-}"`);
  }
}

function refuseSecret(file: string, name: string | undefined, remedy: string): void {
  if (name === undefined) return;
  throw new ConfineError(
    `${file} holds ${name}, which scripts could read, since Yarn has to; ${remedy}`,
  );
}

/** A setting with credentials, on a line of its own or in braces. Its value may stand on the next line. */
const SECRET =
  /(?:^|[\s{,?])["']?(npmAuth(?:Token|Ident)|\w*[pP]assword|\w*[tT]oken)["']?\s*:[^\S\n]*(?:[>|][^\n]*\n\s*)?["']?[^\s"',}]/;
/** Addresses with a password, or with a token in place of the user name. */
const SIGNED_IN = /:\/\/(?:[^/\s@:]+|[^/\s@:]*:[^/\s@]+)@/;
/** A variable without a default value. */
const VARIABLE = /\$\{[^${}:-]+(?::?-)?\}/g;

/** The setting of a text that holds credentials and not only a variable. Undefined if there is none. */
export function keptSecret(text: string): string | undefined {
  const plain = text.replaceAll(/^[^\S\n\r]*#.*$/gm, '').replaceAll(VARIABLE, '');
  return (
    SECRET.exec(plain)?.[1] ?? (SIGNED_IN.test(plain) ? 'an address with a password' : undefined)
  );
}

/* Yarn 1. */

const CACHE_OF_CLASSIC = {
  options: ['--cache-folder'],
  variables: ['yarn_cache_folder', 'npm_config_cache_folder'],
  files: { '~/.yarnrc': 'cache-folder' },
};

/** Options about places and targets. They hold for the second phase as well. */
const CARRIED_BY_CLASSIC = {
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
  root: ({ cwd, args }) => npmProjectRoot(resolve(cwd, optionValue(args, '--cwd') ?? '.')),
  folders: [{ files: { '~/.yarnrc': 'yarn-offline-mirror' } }, (call) => [cacheOf(call)], corepack],
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
    const file = ownRc(project);
    const [, name] = SECRET_OF_CLASSIC.exec(fileText(file)) ?? [];
    refuseSecret(file, name, 'move it to ~/.npmrc, which they cannot read');
    const [command, , inner = ''] = project.args.slice(at);
    if (command === 'workspace' && yarnClassic.commands!.install.split(' ').includes(inner))
      throw new ConfineError(
        `"yarn workspace" starts another Yarn; run "yarn ${inner}" in the folder of the workspace`,
      );
  },
  install: classicInstall,
};

function* classicInstall(project: Project): Generator<ClientStep> {
  const { args, root } = project;
  const option = WITHOUT_LOCKFILE.find((option) => has(args, option));
  if (option !== undefined)
    throw new ConfineError(
      `scripts run in a step of their own, which needs yarn.lock: leave ${option} out, or use --frozen-lockfile`,
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
    args: [
      'install',
      '--offline',
      '--frozen-lockfile',
      ...folder,
      ...carried(args, CARRIED_BY_CLASSIC),
    ],
    phase: 'scripts',
  };
}

function cacheOf(call: ClientCall): string {
  const usual = `${call.env['XDG_CACHE_HOME'] || join(yarnHome(call), '.cache')}/yarn`;
  return userFolder({ ...CACHE_OF_CLASSIC, usual }, call)!;
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
const SECRET_OF_CLASSIC =
  /^\s*["']?([^\s"']*(?:_auth|[pP]assword|[tT]oken)[^\s"']*)["']?\s+["']?[^\s"']/m;
