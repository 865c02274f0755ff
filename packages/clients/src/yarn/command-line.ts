/*
 * Options that Yarn 1.22 takes before its command, as `yarn --help` of 1.22.22 lists them. Yarn 3 and 4 know only `--cwd` and
 * `--version` there, and refuse others.
 */

const FLAGS: ReadonlySet<string> = new Set(
  (
    '--audit --check-files --disable-pnp --emoji --enable-pnp --pnp --flat --focus --force --frozen-lockfile --har --ignore-engines ' +
    '--ignore-optional --ignore-platform --ignore-scripts --json --link-duplicates --no-bin-links --no-default-rc --no-lockfile ' +
    '--no-node-version-check --no-progress --non-interactive --offline --prefer-offline --prod --production --pure-lockfile -s --silent ' +
    '--scripts-prepend-node-path --skip-integrity-check --strict-semver --update-checksums --verbose -v --version'
  ).split(' '),
);

/** Options that take the next argument as their value, also those with an optional value: Yarn looks for no command there. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '--cache-folder --cwd --global-folder --https-proxy --link-folder --modules-folder --mutex --network-concurrency --network-timeout --otp ' +
    '--preferred-cache-folder --proxy --registry --use-yarnrc --emoji --prod --production --scripts-prepend-node-path'
  ).split(' '),
);

export interface YarnOption {
  readonly known: boolean;
  /** Whether the next argument is its value. */
  readonly takesNext: boolean;
}

/** How Yarn reads an option before its command. */
export function yarnOption(arg: string): YarnOption {
  const name = arg.replace(/=.*/s, '');
  const isKnown = FLAGS.has(name) || WITH_VALUE.has(name);
  return { known: isKnown, takesNext: isKnown && name === arg && WITH_VALUE.has(name) };
}

/** The index of the command among Yarn's arguments. Without a command, the number of arguments. */
export function yarnCommandAt(args: readonly string[]): number {
  let at = 0;
  while (at < args.length && args[at]!.startsWith('-')) {
    if (args[at] === '--') return args.length;
    at += yarnOption(args[at]!).takesNext ? 2 : 1;
  }
  return Math.min(at, args.length);
}
