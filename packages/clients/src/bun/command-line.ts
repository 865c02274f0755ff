/* Reads bun's command line. An unknown command runs with the scanner, and the guard checks afterwards what it unpacked. */

export type BunTool = 'bun' | 'bunx';

export interface BunCommand {
  readonly kind: /** Installs into the project. */
    | 'install'
    /** Installs for all projects of the user. */
    | 'global'
    /** Installs for one run of a program. */
    | 'bunx'
    /** Runs programs, which may install. */
    | 'run'
    /** Does not install. */
    | 'plain';
  /** bun must ask the scanner about the packages in its lockfile. */
  readonly demand: boolean;
  /** Why bun must not run this command. */
  readonly refused: string | undefined;
  readonly folder: string | undefined;
  /** bun unpacks a package for a comparison before it asks the scanner. */
  readonly commitsPatch: boolean;
  /** bun must not fetch. */
  readonly offline: boolean;
  readonly registry: string | undefined;
  readonly ca: readonly string[];
  readonly cafile: string | undefined;
  /** The installed folder may have its own bunfig.toml, because a template was copied there. */
  readonly copiesTemplate: boolean;
  /** bun may install packages for other platforms. */
  readonly otherPlatforms: boolean;
}

/** bun's options before a command that take the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '--cwd -c --config -F --filter -r --preload --require --import --env-file --port -e --eval -p --print ' +
    '-d --define -l --loader --conditions --main-fields --extension-order --tsconfig-override --shell --title'
  ).split(' '),
);

const INSTALLS: ReadonlySet<string> = new Set(
  'install i ci add a remove rm r uninstall update up link unlink patch patch-commit init dedupe'.split(
    ' ',
  ),
);

/** Other commands of bun. All further words name programs to run. */
const OTHERS: ReadonlySet<string> = new Set('x create c pm upgrade prune'.split(' '));

const DEMANDING: ReadonlySet<string> = new Set('install i ci add a update up'.split(' '));

/** Commands that only print. `publish` and `pack` are missing because they run scripts, and `audit fix` installs. */
const PLAIN: ReadonlySet<string> = new Set(
  'outdated audit info why completions help discord whoami feedback'.split(' '),
);

/** The same for `bun pm`. */
const PLAIN_OF_PM: ReadonlySet<string> = new Set(
  'ls list bin hash hash-string hash-print cache whoami view why pkg default-trusted untrusted'.split(
    ' ',
  ),
);

/** An option with code, with or without its value in the same argument. bun installs the packages that the code imports. */
const EVALUATES = /^(?:--(?:eval|print)(?:=|$)|-[ep])/;

const REFUSED: Readonly<Record<string, string>> = {
  upgrade: '"bun upgrade" fetches bun itself, which is not a package; run it without the guard',
};

const REFUSED_OF_PM: Readonly<Record<string, string>> = {
  fetch:
    '"bun pm fetch" asks no scanner, so that what it unpacks is not inspected; use "bun install"',
};

export function readCommand(tool: BunTool, args: readonly string[]): BunCommand {
  const at = tool === 'bunx' ? -1 : commandAt(args);
  const name = tool === 'bunx' ? 'x' : args[at];
  const before = at < 0 ? [] : args.slice(0, at);
  const after = at < 0 ? args : args.slice(at + 1);
  const kind = kindOf(name, after, {
    asksForHelp: beforeDashes(after).some(isHelp),
    evaluates: before.some((arg) => EVALUATES.test(arg)),
  });
  // Options after the name of a program belong to that program.
  const ownOptions =
    kind === 'run' || kind === 'bunx' || kind === 'plain' ? before : beforeDashes(args);
  return {
    kind,
    demand: kind === 'install' && DEMANDING.has(name ?? '') && !ownOptions.includes('--dry-run'),
    refused: refusedBy(name, after) ?? refusedOption(ownOptions, kind),
    folder: optionValue(ownOptions, '--cwd'),
    commitsPatch: name === 'patch-commit' || (name === 'patch' && ownOptions.includes('--commit')),
    offline: ownOptions.includes('--offline'),
    registry: optionValue(ownOptions, '--registry'),
    ca: optionValues(ownOptions, '--ca'),
    cafile: optionValue(ownOptions, '--cafile'),
    copiesTemplate: name === 'create' || name === 'c',
    otherPlatforms: ownOptions.some((option) => /^--(?:os|cpu)(?:=|$)/.test(option)),
  };
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** Index of the command, or the number of arguments if there is none. */
function commandAt(args: readonly string[]): number {
  // bun uses the first word as its command, even if it follows an option that takes a value: `bun -d install`.
  const first = args.findIndex((arg) => !/^-./.test(arg));
  if (first >= 0 && isCommand(args[first]!)) return first;
  return wordAt(args);
}

/** Index of the first word that is not the value of an option. */
function wordAt(args: readonly string[]): number {
  let at = 0;
  // A hyphen alone means the program on standard input.
  while (at < args.length && /^-./.test(args[at]!)) at += WITH_VALUE.has(args[at]!) ? 2 : 1;
  return Math.min(at, args.length);
}

function isCommand(name: string): boolean {
  return INSTALLS.has(name) || PLAIN.has(name) || OTHERS.has(name);
}

function kindOf(
  name: string | undefined,
  after: readonly string[],
  { asksForHelp, evaluates }: { readonly asksForHelp: boolean; readonly evaluates: boolean },
): BunCommand['kind'] {
  if (evaluates) return 'run';
  if (name === undefined || (asksForHelp && INSTALLS.has(name))) return 'plain';
  if (name === 'x' || name === 'create' || name === 'c') return 'bunx';
  if (name === 'pm') return kindOfPm(subcommand(after));
  if (name === 'audit' && after.includes('fix')) return asksForHelp ? 'plain' : 'install';
  if (PLAIN.has(name)) return 'plain';
  if (!INSTALLS.has(name)) return 'run';
  return beforeDashes(after).some((arg) => arg === '-g' || arg === '--global')
    ? 'global'
    : 'install';
}

function kindOfPm(name: string | undefined): BunCommand['kind'] {
  if (name === 'trust' || name === 'migrate') return 'install';
  return name === undefined || PLAIN_OF_PM.has(name) ? 'plain' : 'run';
}

function subcommand(args: readonly string[]): string | undefined {
  return args[wordAt(args)];
}

function refusedBy(name: string | undefined, after: readonly string[]): string | undefined {
  if (name === 'pm') return REFUSED_OF_PM[subcommand(after) ?? ''];
  if (name === 'create' || name === 'c') return refusedTemplate(after);
  return name === undefined ? undefined : REFUSED[name];
}

function refusedTemplate(after: readonly string[]): string | undefined {
  const template = after.find((arg) => !arg.startsWith('-')) ?? '';
  if (!template.includes('/') || /^@[^/]+\/[^/]+$/.test(template)) return undefined;
  if (/^\.{0,2}\//.test(template)) return undefined;
  return '"bun create" from a repository unpacks what GitHub sends, and asks no scanner; clone it, and run "bun install" there';
}

function refusedOption(
  ownOptions: readonly string[],
  kind: BunCommand['kind'],
): string | undefined {
  if (kind === 'plain') return undefined;
  const config = ownOptions.find((arg) => /^(?:-c|--config)(?:=|$)/.test(arg) || /^-c./.test(arg));
  if (config !== undefined && kind !== 'run')
    return 'another bunfig (-c, --config) could replace the scanner of the guard';
  if (kind !== 'run' && ownOptions.includes('--no-verify'))
    return 'with --no-verify, bun would take other bytes than bun.lock promises';
  if (
    (kind === 'install' || kind === 'global') &&
    optionValue(ownOptions, '--env-file') !== undefined
  )
    return 'an install reads no .env file (--env-file), which could say where packages come from';
  if (optionValue(ownOptions, '--backend') === 'symlink')
    return 'with --backend symlink, node_modules would lead into the cache of this run, which is removed';
  return undefined;
}

/** The first `--name value` or `--name=value`. */
function optionValue(args: readonly string[], name: string): string | undefined {
  return optionValues(args, name)[0];
}

function optionValues(args: readonly string[], name: string): string[] {
  return args.flatMap((arg, at) => {
    if (arg === name) return args[at + 1] ?? [];
    return arg.startsWith(`${name}=`) ? arg.slice(name.length + 1) : [];
  });
}

/** Whether bun publishes packages. */
export function bunPublishes(args: readonly string[]): boolean {
  const at = commandAt(args);
  return args[at] === 'publish' && !args.slice(at + 1).some(isHelp);
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}
