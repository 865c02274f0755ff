import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { YARN_CONFINED } from '@tarwarden/guarded-run';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin } from '@tarwarden/host/real-path';
import { ConfineError } from '../paths.ts';
import {
  textOf,
  userFolder,
  valueOf,
  variableOf,
  type Client,
  type ClientCall,
  type Project,
} from './client.ts';

export const yarn: Client = {
  // Yarn takes the nearest folder with a lockfile, else the topmost package.
  root: (call) => {
    const start = startOf(call);
    const topmost = foldersAbove(start).findLast((at) => existsSync(join(at, 'package.json')));
    return nearestWith(start, ['yarn.lock']) ?? topmost ?? start;
  },
  userFolders: [
    {
      variables: ['YARN_GLOBAL_FOLDER'],
      files: { '~/.yarnrc.yml': 'globalFolder' },
      usual: '~/.yarn/berry',
    },
    { variables: ['YARN_CACHE_FOLDER'], files: { '~/.yarnrc.yml': 'cacheFolder' } },
  ],
  askedFolders: (call) => [
    ...(call.env['XDG_DATA_HOME'] ? [resolve(call.env['XDG_DATA_HOME'], 'yarn/berry')] : []),
    ...corepack(call),
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
    if (valueOf(args, '--mode') !== undefined) return;
    const cwd = valueOf(args, '--cwd');
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
export function corepack(call: ClientCall): string[] {
  if (!/[\\/]corepack[\\/]/.test(realpathSync(call.program))) return [];
  const folder = { variables: ['COREPACK_HOME'], usual: '$XDG_CACHE_HOME/node/corepack' };
  return [userFolder(folder, call)!];
}

function startOf({ cwd, args }: ClientCall): string {
  return resolve(cwd, valueOf(args.slice(0, 2), '--cwd') ?? '.');
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
    if (isWithin(project.root, file)) continue;
    const name = keptSecret(textOf(file));
    if (name === undefined) continue;
    throw new ConfineError(
      `${file} holds ${name}, which scripts could read, since Yarn has to; put it into a variable: ${name}: "\${YARN_SECRET-}"`,
    );
  }
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
