/* What a pnpm command line asks for, as far as the guard must know it. */

/** Options that pnpm takes before its command with the value as the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '-C',
  '-F',
  '--dir',
  '--filter',
  '--filter-prod',
  '--loglevel',
  '--registry',
  '--reporter',
  '--store-dir',
  '--workspace-concurrency',
]);

/** Options that pnpm takes before its command, by themselves. */
const ALONE: ReadonlySet<string> = new Set([
  '-g',
  '-h',
  '-r',
  '-s',
  '-v',
  '-w',
  '-D',
  '-P',
  '--aggregate-output',
  '--bail',
  '--color',
  '--dev',
  '--fail-if-no-match',
  '--frozen-lockfile',
  '--global',
  '--help',
  '--if-present',
  '--ignore-scripts',
  '--ignore-workspace',
  '--include-workspace-root',
  '--no-bail',
  '--no-color',
  '--no-frozen-lockfile',
  '--no-optional',
  '--no-sort',
  '--offline',
  '--parallel',
  '--prefer-offline',
  '--prod',
  '--production',
  '--recursive',
  '--reverse',
  '--sequential',
  '--silent',
  '--sort',
  '--stream',
  '--use-stderr',
  '--version',
  '--workspace-root',
  '--yes',
]);

/** Commands that install nothing, and that pnpm 12 runs without a pnpmfile. Every other must have loaded the guard. */
const INSTALLS_NOTHING: ReadonlySet<string> = new Set(
  (
    'bin c cache cat-file cat-index clean completion config dist-tag docs doctor env ' +
    'find-hash get help home ignored-builds info init login logout owner ping pkg profile ' +
    'purge root search set set-script setup show team token unlink v version view whoami'
  ).split(' '),
);

/** Commands that pnpm 10 hands to npm when nothing precedes them. */
const LEFT_TO_NPM: ReadonlySet<string> = new Set(
  (
    'access adduser bugs deprecate dist-tag docs edit find home info issues login logout ' +
    'owner ping pkg prefix profile repo s se search set-script show star stars team token ' +
    'unpublish unstar v version view whoami xmas'
  ).split(' '),
);

/** What follows these is another program's. */
const PASSES_ON: ReadonlySet<string> = new Set(['create', 'dlx', 'exec', 'run', 'run-script']);

/** Commands that take `--config`, for a config dependency. */
const ADDS: ReadonlySet<string> = new Set(['add', 'i', 'install', 'up', 'update', 'upgrade']);

/** Settings that bring the guard along: the user's own command line could take them back. */
const GUARD_SETTING =
  /^--(?:no-)?(?:config\.)?(?:ignore-?pnpmfile|global-?pnpmfile|manage-?package-?manager-?versions)(?:=|$)/i;
const HARMLESS = /^--(?:no-ignore-pnpmfile|(?:config\.)?ignore-?pnpmfile=false)$/i;

interface Parsed {
  /** Options before the command. */
  readonly leading: readonly string[];
  readonly command: string | undefined;
  /** Arguments behind the command. */
  readonly rest: readonly string[];
}

/** True for an option that pnpm takes before its command; `takes` when its value is the next argument. */
export function isLeadingOption(arg: string): { known: boolean; takesNext: boolean } {
  const equals = arg.indexOf('=');
  const name = equals === -1 ? arg : arg.slice(0, equals);
  const takesNext = WITH_VALUE.has(arg);
  const known = takesNext || WITH_VALUE.has(name) || ALONE.has(name) || isSetting(name);
  return { known, takesNext };
}

/** pnpm takes any of its settings as `--config.NAME=VALUE`. */
function isSetting(name: string): boolean {
  return /^--config\.[\w-]+$/.test(name) || /^--pm-on-fail$/.test(name);
}

function parse(args: readonly string[]): Parsed {
  let at = 0;
  while (at < args.length) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '--') break;
    at += isLeadingOption(arg).takesNext ? 2 : 1;
  }
  return { leading: args.slice(0, at), command: args[at], rest: args.slice(at + 1) };
}

/** Whether pnpm must have loaded the guard to be believed. True unless it is known that nothing is installed. */
export function mustBeGuarded(args: readonly string[]): boolean {
  const { leading, command, rest } = parse(args);
  if (!leading.every((arg) => !arg.startsWith('-') || isLeadingOption(arg).known)) return true;
  const asksOnly = [...leading, ...(command === undefined ? [] : rest)];
  if (command === undefined || !PASSES_ON.has(command)) {
    if (asksOnly.some((arg) => ['--help', '-h', '--version', '-v'].includes(arg))) return false;
  }
  if (command === undefined) return leading.length > 0;
  if (command === 'store') return rest.find((arg) => !arg.startsWith('-')) === 'add';
  return !INSTALLS_NOTHING.has(command);
}

/** Whether pnpm 10 leaves this to npm: nothing may then precede it. */
export function isLeftToNpm(args: readonly string[]): boolean {
  return LEFT_TO_NPM.has(args[0] ?? '');
}

/** The option by which the user takes the guard back; undefined where there is none. */
export function switchesGuardOff(args: readonly string[]): string | undefined {
  const { leading, command, rest } = parse(args);
  const own = command !== undefined && PASSES_ON.has(command) ? leading : [...leading, ...rest];
  const end = own.indexOf('--');
  return (end === -1 ? own : own.slice(0, end)).find(
    (arg) =>
      (GUARD_SETTING.test(arg) && !HARMLESS.test(arg)) ||
      /^--(?:config\.)?pm-?on-?fail=download$/i.test(arg),
  );
}

/** True when the user says what happens where a project wants another pnpm. */
export function choosesPnpmCheck(args: readonly string[]): boolean {
  const { leading, command, rest } = parse(args);
  const own = command !== undefined && PASSES_ON.has(command) ? leading : [...leading, ...rest];
  return own.some((arg) => /^--(?:config\.)?pm-?on-?fail=(?:warn|ignore|error)$/i.test(arg));
}

/** Why pnpm would bring in code by a way that calls no hook; undefined for everything else. */
export function bypassesHooks(args: readonly string[]): string | undefined {
  const { command, rest } = parse(args);
  const [first] = rest.filter((arg) => !arg.startsWith('-'));
  if (command === 'self-update') return 'pnpm replaces itself without asking a hook';
  if (command === 'env' && (first === 'use' || first === 'add'))
    return 'pnpm downloads Node.js without asking a hook';
  if (command === 'store' && first === 'add')
    return 'pnpm puts packages into its store without asking a hook';
  if (command !== undefined && ADDS.has(command) && rest.includes('--config'))
    return 'pnpm unpacks config dependencies before it asks a hook';
  if (command === 'with' && first !== undefined && first !== 'current')
    return 'another pnpm is downloaded without asking a hook';
  return undefined;
}
