/* The environment of scripts. It lists what builds need: a list of secrets would miss some, which can have any name. */

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

/** @param also Names of variables that the user passes on. */
export function scriptEnvironment(
  env: NodeJS.ProcessEnv,
  also: readonly string[],
): ScriptEnvironment {
  const passed = (name: string, value: string): boolean =>
    also.includes(name) ||
    (((ALLOWED.test(name) && !SECRET_NAME.test(name)) ||
      (SETTING.test(name) && !SECRET_SETTING.test(name))) &&
      !SIGNED_IN.test(value));
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    env: Object.fromEntries(entries.filter(([name, value]) => passed(name, value))),
    withheld: entries.filter(([name, value]) => !passed(name, value)).map(([name]) => name),
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
  const more = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}
