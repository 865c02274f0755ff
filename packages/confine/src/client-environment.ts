import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { programsOnPath } from '@tarwarden/guarded-run';
import { lookUp, npmNearLayers, readWithMark, clientContext } from '@tarwarden/settings';
import { bunUserConfig } from './clients/bun.ts';
import type { ClientName } from './clients/index.ts';
import { userConfig } from './clients/npm.ts';
import { storeVariables } from './clients/pnpm.ts';
import { YARN_OFFLINE } from './clients/yarn.ts';
import { npmrcWithoutSecrets } from './environment.ts';
import type { PrivateFolder } from './private-folder.ts';

interface ClientEnvironmentOptions {
  readonly client: ClientName;
  readonly env: NodeJS.ProcessEnv;
  readonly path: string;
  /** Variables that scripts do not get. */
  readonly withheld: readonly string[];
  readonly folder: Pick<PrivateFolder, 'path' | 'temporary'>;
  readonly emptyStore: string;
}

/** The variables that a client needs to run scripts without its cache, the network and the user's credentials. */
export function clientEnvironment({
  client,
  env,
  path,
  withheld,
  folder,
  emptyStore,
}: ClientEnvironmentOptions): NodeJS.ProcessEnv {
  if (client === 'yarn') return { ...emptied(withheld), ...YARN_OFFLINE, ...nodeHeaders(env) };
  const npmrc = join(folder.path, 'npmrc');
  const settings = client === 'bun' ? bunUserConfig({ env }) : userConfig({ env });
  writeFileSync(npmrc, npmrcWithoutSecrets(readWithMark(settings)?.text ?? ''), { mode: 0o600 });
  return {
    // Yarn 1 treats an empty setting and a missing one differently.
    ...(client === 'yarn-classic' &&
      emptied(withheld.filter((name) => !/^(?:npm_config_|yarn_)/i.test(name)))),
    npm_config_userconfig: npmrc,
    ...(client === 'pnpm' && storeVariables(emptyStore)),
    ...(client === 'bun' && nodeGyp(env, path)),
    npm_config_logs_dir: folder.temporary,
    npm_config_update_notifier: 'false',
    ...nodeHeaders(env),
  };
}

/** Yarn stops if a file of settings names a variable that is not set. */
function emptied(names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** node-gyp downloads the headers of Node unless it finds them. Node's archives have them beside the program. */
function nodeHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = npmNearLayers(clientContext({ folder: process.cwd(), env }));
  if (lookUp(variables, 'nodedir') !== undefined) return {};
  const [node] = programsOnPath('node', env);
  if (node === undefined) return {};
  const folder = dirname(dirname(realpathSync(node)));
  return existsSync(join(folder, 'include/node/node_version.h'))
    ? { npm_config_nodedir: folder }
    : {};
}

/** The folders that npm puts on the PATH of scripts, and the programs that are started from them. */
const NPM_MODULES = 'lib/node_modules/npm/node_modules';
const COMMAND = '@npmcli/run-script/lib/node-gyp-bin';
const PROGRAM = 'node-gyp/bin/node-gyp.js';

/**
 * If a script calls node-gyp and it is not on the PATH, bun downloads it. The npm of Node brings one.
 * @param path The PATH of the scripts.
 */
export function nodeGyp(env: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  const [node] = programsOnPath('node', env);
  if (node === undefined) return {};
  const npm = join(dirname(dirname(realpathSync(node))), NPM_MODULES);
  if (![COMMAND, PROGRAM].every((path) => existsSync(join(npm, path)))) return {};
  return {
    PATH: [path, join(npm, COMMAND)].join(delimiter),
    npm_config_node_gyp: join(npm, PROGRAM),
  };
}
