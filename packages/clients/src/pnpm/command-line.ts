/* Reads the parts of a pnpm command line that the guard must know. */

function wordSet(wordList: string): ReadonlySet<string | undefined> {
  return new Set(wordList.split(' '));
}

/** Options before the command that take the next argument as their value. */
const WITH_VALUE = wordSet(
  '-C -F --dir --filter --filter-prod --loglevel --pm-on-fail --registry --reporter ' +
    '--store-dir --workspace-concurrency',
);

/** Options before the command that take no value. */
const ALONE = wordSet(
  '-g -h -r -s -v -w -D -P --aggregate-output --bail --color --dev --fail-if-no-match ' +
    '--frozen-lockfile --global --help --if-present --ignore-scripts --ignore-workspace ' +
    '--include-workspace-root --no-bail --no-color --no-frozen-lockfile --no-optional ' +
    '--no-sort --offline --parallel --prefer-offline --prod --production --recursive ' +
    '--reverse --sequential --silent --sort --stream --use-stderr --version ' +
    '--workspace-root --yes',
);

/** Commands that install nothing, and that pnpm 12 runs without a pnpmfile. All other commands must load the guard. */
const INSTALLS_NOTHING = wordSet(
  'access adduser bin bugs c cache cat-file cat-index clean completion config deprecate ' +
    'dist-tag dist-tags docs doctor env find find-hash get help home ignored-builds info ' +
    'init issues login logout owner owners ping pkg prefix profile purge repo root s se ' +
    'search set set-script setup show ss star stars team token undeprecate unlink ' +
    'unpublish unstar v version view whoami',
);

/** Commands that pnpm 10 passes to npm if nothing precedes them. */
const LEFT_TO_NPM = wordSet(
  'access adduser bugs deprecate dist-tag docs edit find home info issues login logout ' +
    'owner ping pkg prefix profile repo s se search set-script show star stars team token ' +
    'unpublish unstar v version view whoami xmas',
);

/** Arguments after these commands belong to another program. */
const PASSES_ON = wordSet('create dlx exec run run-script');

/** Scripts that are commands. pnpm 10.0, 10.34, 11.0, 11.28 and 12.21 pass all arguments after them to the script. */
const SCRIPTS = wordSet('start stop t test tst');

/** Commands with an option `--config`, which adds a config dependency. */
const ADDS = wordSet('add i install up update upgrade');

const REMOVES = wordSet('remove rm un uninstall');

/** Settings that force the guard. The user's own command line could revert them. A run with another spelling ends with 98. */
const GUARD_SETTING =
  /^--(?:no-)?(?:config\.)?(?:ignore[-_.]?pnpmfile|global[-_.]?pnpmfile|manage[-_.]?package[-_.]?manager[-_.]?versions|dlx[-_.]?cache[-_.]?max[-_.]?age|pm[-_.]?on[-_.]?fail)(?:=|$)/i;

/** The same settings, as letters. `dlx` and `create` run the package before the run can end with 98, so every spelling counts. */
const NEEDED_BY_RUNNERS = ['ignorepnpmfile', 'globalpnpmfile', 'dlxcachemaxage'];
const RUNNERS = wordSet('create dlx');

/** Options that set the forced values. */
const HARMLESS =
  /^--(?:no-ignore-pnpmfile|(?:config\.)?(?:ignore-?pnpmfile=false|dlx-?cache-?max-?age=0))$/i;

/** The user's choice for a project that names another pnpm, except to download it. */
const CHOICE = /^--(?:(?:config\.)?pm-?on-?fail=|pm-on-fail )(?:warn|ignore|error)$/i;

/** Words before a command that run it in every project. */
const RECURSIVE = wordSet('m multi recursive');

/** Words that some versions of pnpm use as the value of `--color`. */
const COLORS = wordSet('always auto false never true');

interface Parsed {
  /** Options before the command. */
  readonly leading: readonly string[];
  /** False if the words before the command may contain another command. */
  readonly sure: boolean;
  readonly command: string | undefined;
  /** Arguments behind the command. */
  readonly commandArguments: readonly string[];
}

/** `known`: pnpm takes this option before its command. `takesNext`: its value is the next argument. */
export function isLeadingPnpmOption(arg: string): { known: boolean; takesNext: boolean } {
  const equals = arg.indexOf('=');
  const name = equals === -1 ? arg : arg.slice(0, equals);
  const takesNext = WITH_VALUE.has(arg);
  const isKnown = takesNext || WITH_VALUE.has(name) || ALONE.has(name) || isSetting(name);
  return { known: isKnown, takesNext };
}

/** pnpm takes any of its settings as `--config.NAME=VALUE`. */
function isSetting(name: string): boolean {
  return /^--config\.[\w-]+$/.test(name);
}

export function parsePnpmArguments(args: readonly string[]): Parsed {
  let at = 0;
  let sure = true;
  for (let wordCount = wordsInFront(args, at); wordCount > 0; wordCount = wordsInFront(args, at)) {
    // pnpm 11.0 uses any next argument as the value of `--color`, later versions only some words, and pnpm 12 none.
    if (args[at] === '--color' || !isLeadingPnpmOption(args[at] ?? '').known) sure = false;
    at += wordCount;
  }
  return {
    leading: args.slice(0, at),
    sure,
    command: args[at],
    commandArguments: args.slice(at + 1),
  };
}

/** The number of arguments that belong to the word at `at`, before the command; 0 at the command. */
function wordsInFront(args: readonly string[], at: number): number {
  const [arg, next] = [args[at], args[at + 1]];
  if (arg === undefined) return 0;
  if (arg.startsWith('-')) return isLeadingPnpmOption(arg).takesNext ? 2 : 1;
  if (arg === 'with' && next === 'current') return 2;
  if (RECURSIVE.has(arg) || (arg === 'pm' && at === 0)) return 1;
  // One of these words may follow any option without a value.
  return ['true', 'false'].includes(arg) && args[at - 1]?.startsWith('-') === true ? 1 : 0;
}

/** Adds a value to `--color` before the command. Otherwise pnpm 11.0 uses the command as the value. */
export function withColorValue(args: readonly string[]): string[] {
  const spelled = [...args];
  for (let at = 0; isLeadingPnpmOption(spelled[at] ?? '').known; at += wordsInFront(spelled, at))
    if (spelled[at] === '--color' && !COLORS.has(spelled[at + 1])) spelled[at] = '--color=always';
  return spelled;
}

/** The arguments that pnpm may read itself. All of them if the command is not sure. */
function ownArguments(args: readonly string[]): readonly string[] {
  const { leading, sure, command, commandArguments } = parsePnpmArguments(args);
  if (!sure) return args;
  return PASSES_ON.has(command) || SCRIPTS.has(command)
    ? leading
    : [...leading, ...beforeDashes(commandArguments)];
}

function firstOperand(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith('-'));
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** Whether pnpm must load the guard. True unless the command certainly installs nothing. */
export function mustBeGuarded(args: readonly string[]): boolean {
  const { leading, sure, command, commandArguments } = parsePnpmArguments(args);
  if (!sure) return true;
  if (!PASSES_ON.has(command)) {
    const asksOnly = [...leading, ...beforeDashes(commandArguments)];
    if (asksOnly.some((arg) => ['--help', '-h', '--version', '-v'].includes(arg))) return false;
  }
  if (command === undefined) return leading.length > 0;
  if (command === 'store') return firstOperand(commandArguments) === 'add';
  return !INSTALLS_NOTHING.has(command);
}

/** Whether pnpm publishes or stages packages. */
export function pnpmPublishes(args: readonly string[]): boolean {
  const { command, commandArguments } = parsePnpmArguments(args);
  if (!mustBeGuarded(args)) return false;
  return (
    command === 'publish' || (command === 'stage' && firstOperand(commandArguments) === 'publish')
  );
}

/** Whether this removes global packages. pnpm 12 deletes their folders without calling a hook. */
export function removesGlobal(args: readonly string[]): boolean {
  const { sure, command } = parsePnpmArguments(args);
  const globalFlags = ownArguments(args).filter((arg) => /^-(?:g$|-(?:no-)?global)/.test(arg));
  const isGlobal = globalFlags.length === 1 && /^(?:-g|--global)$/.test(globalFlags[0]!);
  return sure && REMOVES.has(command) && isGlobal && !args.includes('false');
}

/** Whether pnpm 10 passes this command to npm. Then nothing may precede it. */
export function isLeftToNpm(args: readonly string[]): boolean {
  return LEFT_TO_NPM.has(args[0]);
}

/** The option with which the user switches the guard off; undefined if there is none. */
export function switchesGuardOff(args: readonly string[]): string | undefined {
  const pnpmArguments = [...ownArguments(args), ...beforeProgram(args)];
  const names = args.some((arg) => RUNNERS.has(arg)) ? NEEDED_BY_RUNNERS : [];
  return pnpmArguments.find(
    (arg, at) =>
      (GUARD_SETTING.test(arg) || names.includes(optionLetters(arg))) &&
      !HARMLESS.test(arg) &&
      !isChoice(arg, pnpmArguments[at + 1]),
  );
}

/** The arguments between `dlx` or `create` and its package. The word after an option that is not known may be its value. */
function beforeProgram(args: readonly string[]): readonly string[] {
  const { command, commandArguments } = parsePnpmArguments(args);
  const takesNext = (arg = ''): boolean =>
    /^-[^=]*$/.test(arg) && !ALONE.has(arg) && !['-c', '--shell-mode'].includes(arg);
  const end = commandArguments.findIndex(
    (arg, at) => arg === '--' || (!arg.startsWith('-') && !takesNext(commandArguments[at - 1])),
  );
  return RUNNERS.has(command)
    ? commandArguments.slice(0, end === -1 ? commandArguments.length : end)
    : [];
}

/**
 * The letters of an option's name as pnpm reads it; empty for other words. Tests show that pnpm 10 and 11 accept any number of dashes and
 * of `no-`. All accept `--config.NAME` in camel case, and with `_` or `.` between the words.
 */
function optionLetters(arg: string): string {
  const name = /^-+(?:no-)*(?:config\.)?([^=]*)/i.exec(arg)?.[1] ?? '';
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/** Whether pnpm may read an argument of `add` as `--config`, which adds a config dependency. pnpm accepts the beginning of a name. */
function mayBeConfig(arg: string): boolean {
  const letters = optionLetters(arg);
  return letters.startsWith('con') && 'config'.startsWith(letters);
}

/** Whether the user says what happens if a project names another pnpm. */
export function choosesPnpmCheck(args: readonly string[]): boolean {
  const pnpmArguments = ownArguments(args);
  return pnpmArguments.some((arg, at) => isChoice(arg, pnpmArguments[at + 1]));
}

function isChoice(arg: string, next: string | undefined): boolean {
  return CHOICE.test(arg) || CHOICE.test(`${arg} ${next}`);
}

/** Why pnpm would install code without calling a hook; undefined for all other commands. */
export function bypassesHooks(args: readonly string[]): string | undefined {
  const { leading, sure } = parsePnpmArguments(args);
  const pnpmArguments = ownArguments(args);
  // If the command is not sure, any word may be the command.
  const commandIndexes = sure ? [leading.length] : args.keys();
  for (const at of commandIndexes) {
    const reason = bypassAt(args.slice(at), pnpmArguments);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function bypassAt(
  [command, ...commandArguments]: readonly string[],
  pnpmArguments: readonly string[],
): string | undefined {
  const first = firstOperand(commandArguments);
  if (command === 'self-update') return 'pnpm replaces itself without asking a hook';
  if (command === 'env' && (first === 'use' || first === 'add'))
    return 'pnpm downloads Node.js without asking a hook';
  if (command === 'store' && first === 'add')
    return 'pnpm puts packages into its store without asking a hook';
  if (ADDS.has(command) && pnpmArguments.some(mayBeConfig))
    return 'pnpm unpacks config dependencies before it asks a hook';
  if (command === 'with' && first !== undefined && first !== 'current')
    return 'another pnpm is downloaded without asking a hook';
  return undefined;
}
