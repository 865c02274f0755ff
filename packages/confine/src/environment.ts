/* The environment of scripts. It lists what builds need: a list of secrets would miss some, which can have any name. */
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { programsOnPath } from '@tarwarden/guard/run';
import { expanded, fileText, variableOf } from './clients/client.ts';
import type { ClientName } from './clients/index.ts';
import { storeVariables } from './clients/pnpm.ts';
import { YARN_OFFLINE } from './clients/yarn.ts';
import type { PrivateFolder } from './private-folder.ts';

const ALLOWED = new RegExp(
  `^(?:${[
    // The machine and its user.
    'PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|COLUMNS|LINES|HOSTNAME|PWD|OLDPWD|SHLVL',
    'TMPDIR|TMP|TEMP|XDG_[A-Z_]+_HOME|XDG_(?:CONFIG|DATA)_DIRS',
    // Settings for the output of programs, and for runs without a user.
    'CI|NO_COLOR|FORCE_COLOR|CLICOLOR(?:_FORCE)?|DEBUG|VERBOSE|V',
    // Node and its version managers.
    'NODE_(?:ENV|OPTIONS|PATH|EXTRA_CA_CERTS|NO_WARNINGS|DISABLE_COLORS|COMPILE_CACHE|V8_COVERAGE)|NVM_[A-Z]+|N_PREFIX|FNM_[A-Z_]+|VOLTA_HOME|ASDF_[A-Z_]+|COREPACK_[A-Z_]+|PNPM_HOME|BUN_INSTALL|BUN_OPTIONS',
    // Compilers and their options.
    'CC|CXX|CPP|AR|AS|LD|NM|STRIP|RANLIB|OBJCOPY|LINK|MAKE|MAKEFLAGS|MAKELEVEL|JOBS|[A-Z]*FLAGS|LDLIBS|LIBS|CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|PKG_CONFIG(?:_[A-Z_]+)?|CMAKE_[A-Z_]+|CCACHE_[A-Z_]+|GYP_[A-Z_]+|PYTHON|PYTHONPATH|PYTHONHOME|RUSTFLAGS|RUSTUP_HOME|RUSTUP_TOOLCHAIN|CARGO_HOME|CARGO_TARGET_DIR|CARGO_BUILD_[A-Z_]+|JAVA_HOME|ANDROID_HOME|ANDROID_SDK_ROOT|SOURCE_DATE_EPOCH|GOROOT|GOPATH|GOFLAGS|GOCACHE|GOMODCACHE',
    // Variables with which packages skip a download.
    '[A-Z0-9_]+_SKIP_[A-Z_]+|SKIP_[A-Z_]+|HUSKY(?:_SKIP_[A-Z]+)?|[A-Z0-9_]+_BINARY_(?:PATH|DIR)',
    // tarwarden's own variables.
    'TARWARDEN_[A-Z_]+',
  ].join('|')})$`,
);

/** Settings of npm, pnpm, Yarn and bun, which come as variables. */
const SETTING = /^(?:p?npm_config_|yarn_|bun_config_)/i;
/** Those of them that hold credentials. Registries have their names in them, with `//`. */
const SECRET_SETTING =
  /\/\/|auth|token|passw|secret|user(?:name|agent)|otp|(?:^|_)(?:key|cert)$|email|credential|proxy|headers?$|registry_server/i;
/** Variables of build tools that hold credentials: corepack for a registry, ccache for a store. And the key of tarwarden's seals. */
const SECRET_NAME = /SEAL_KEY|AUTH|TOKEN|PASSW|SECRET|USERNAME|CREDENTIAL|_STORAGE$/;

/** The registries of scopes. */
const REGISTRY = /^@[^:]+:registry$/;

/** Addresses with a password. */
const SIGNED_IN = /:\/\/[^/\s@]+@/;

export interface ScriptEnvironment {
  readonly env: NodeJS.ProcessEnv;
  /** The names of the variables that the script does not get. */
  readonly withheld: readonly string[];
}

/** @param extraNames Names of variables that the user passes on. */
export function scriptEnvironment(
  env: NodeJS.ProcessEnv,
  extraNames: readonly string[],
): ScriptEnvironment {
  const isPassed = (name: string, value: string): boolean =>
    extraNames.includes(name) ||
    (((ALLOWED.test(name) && !SECRET_NAME.test(name)) ||
      (SETTING.test(name) && !SECRET_SETTING.test(name))) &&
      !SIGNED_IN.test(value));
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    env: Object.fromEntries(entries.filter(([name, value]) => isPassed(name, value))),
    withheld: entries.filter(([name, value]) => !isPassed(name, value)).map(([name]) => name),
  };
}

/** The lines of a user's .npmrc without credentials. A line that is not a plain setting is left out. */
export function npmrcWithoutSecrets(text: string): string {
  return text
    .split('\n')
    .filter((line) => {
      const [, name = '', value = ''] =
        /^\s*((?:@[\w.~-]+:)?[\w-]+)(?:\[\])?\s*=\s*(.*)$/.exec(line) ?? [];
      const isPlain = name.startsWith('@') ? REGISTRY.test(name) : !SECRET_SETTING.test(name);
      return name !== '' && isPlain && !SIGNED_IN.test(value);
    })
    .join('\n');
}

/** The most names that a message lists. */
const LISTED_MAX = 20;

export function listedNames(names: readonly string[]): string {
  const moreCount = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(' ')}${moreCount > 0 ? ` and ${moreCount} more` : ''}`;
}

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
  writeFileSync(npmrc, npmrcWithoutSecrets(fileText(userNpmrc(client, env))), { mode: 0o600 });
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

/** The user's npm settings. bun looks for them in the folder of settings, too. */
export function userNpmrc(client: ClientName, env: NodeJS.ProcessEnv): string {
  const inConfig = join(env['XDG_CONFIG_HOME'] ?? '', '.npmrc');
  const isBuns = client === 'bun' && env['XDG_CONFIG_HOME'] && existsSync(inConfig);
  return isBuns && variableOf(env, 'npm_config_userconfig') === undefined
    ? inConfig
    : expanded('~/.npmrc', env);
}

/** Yarn stops if a file of settings names a variable that is not set. */
function emptied(names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** node-gyp downloads the headers of Node unless it finds them. Node's archives have them beside the program. */
function nodeHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (variableOf(env, 'npm_config_nodedir') !== undefined) return {};
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
