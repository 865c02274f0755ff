import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bunUserConfig } from './clients/bun.ts';
import type { ClientName } from './clients/index.ts';
import { userConfig } from './clients/npm.ts';
import { storeVariables } from './clients/pnpm.ts';
import { YARN_OFFLINE } from './clients/yarn.ts';
import { npmrcWithoutSecrets } from './environment.ts';
import { nodeGyp } from './node-gyp.ts';
import { nodeHeaders } from './node-headers.ts';
import type { PrivateFolder } from './private-folder.ts';
import { readWithMark } from '@tarwarden/settings';

interface Wanted {
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
}: Wanted): Env {
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

type Env = NodeJS.ProcessEnv;

/** Yarn stops if a file of settings names a variable that is not set. */
function emptied(names: readonly string[]): Env {
  return Object.fromEntries(names.map((name) => [name, '']));
}
