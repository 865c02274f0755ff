/* The environment of a guarded bun. bun loads our scanner, and no code of the project, into its process. */
import { join } from 'node:path';
import { USER_BUNFIG } from '@tarwarden/settings';
import { writeProjectSettings, writeUserSettings, type Bunfig } from './bunfig.ts';
import type { BunCommand } from './command-line.ts';

/** The variable with which our scanner finds the user's own scanner. */
export const OTHER_SCANNER = 'TARWARDEN_BUN_OTHER_SCANNER';

/** A module that does nothing when it is loaded, and that no setting of the project can replace. */
const NOTHING = 'node:path';

/** Variables with which a .env file of the project could load code into the scanner's process. bun treats '' as unset. */
const LOADERS = [
  'LD_PRELOAD',
  'LD_AUDIT',
  'LD_LIBRARY_PATH',
  'DYLD_INSERT_LIBRARIES',
  'BUN_INSPECT',
  'BUN_INSPECT_CONNECT_TO',
  'BUN_INSPECT_NOTIFY',
] as const;

/** An install reads no .env file: a repository's could say where packages come from, and whether bun verifies them. */
const NO_ENV_FILE = '--no-env-file';

export interface BunSettings {
  readonly user: Bunfig;
  /** Absent if bun does not read the project's file. */
  readonly project?: Bunfig;
  /** The scanner that bun asks after ours. */
  readonly other?: string | undefined;
  /** The module that bun imports as our scanner. Undefined if bun must fetch nothing. */
  readonly scanner: string | undefined;
}

interface EnvironmentContext extends Pick<BunCommand, 'kind' | 'copiesTemplate'> {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** A file that replaces the user's .npmrc. */
  readonly npmrc?: string | undefined;
}

/** The environment in which bun loads our scanner, and no code of the project. */
export function environment(
  { user, project, other, scanner }: BunSettings,
  { kind, copiesTemplate, folder, env, npmrc }: EnvironmentContext,
): NodeJS.ProcessEnv {
  const settings = join(folder, 'config');
  writeUserSettings({ folder: settings, scanner, npmrc }, user, env);
  const bunEnv: NodeJS.ProcessEnv = {
    ...env,
    XDG_CONFIG_HOME: settings,
    BUN_INSTALL_GLOBAL_STORE: '0',
    BUN_CONFIG_NO_VERIFY: '0',
    [OTHER_SCANNER]: other ?? '',
  };
  if (kind === 'run') return bunEnv;
  bunEnv['BUN_INSPECT_PRELOAD'] ??= NOTHING;
  bunEnv['BUN_OPTIONS'] = ownOptions(env);
  if (kind !== 'bunx') bunEnv['BUN_OPTIONS'] = `${NO_ENV_FILE} ${bunEnv['BUN_OPTIONS']}`.trim();
  for (const name of LOADERS) bunEnv[name] ??= '';
  let config = copiesTemplate === true ? join(settings, USER_BUNFIG) : undefined;
  if (project !== undefined) {
    config = join(folder, 'bunfig.toml');
    writeProjectSettings(config, project, scanner);
  }
  if (config !== undefined)
    bunEnv['BUN_OPTIONS'] = `--config=${config} ${bunEnv['BUN_OPTIONS']}`.trim();
  return bunEnv;
}

/** The user's options for every bun, without those of a guarded run around this one. @throws Error if they name another bunfig. */
function ownOptions({ BUN_OPTIONS: options = '' }: NodeJS.ProcessEnv): string {
  const own = options.replace(
    /--config=\S+\/tarwarden-bun-[^\s/]+\/(?:config\/\.)?bunfig\.toml\s*/g,
    '',
  );
  if (/(?:^|\s)(?:-c|--config)/.test(own))
    throw new Error(
      'BUN_OPTIONS names another bunfig, which could replace the scanner of the guard',
    );
  if (/(?:^|\s)--(?:env-file|no-verify)/.test(own))
    throw new Error('BUN_OPTIONS has --env-file or --no-verify, which no guarded install takes');
  return own;
}
