/* Reads a command line of pnpm that publishes a package. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Publication } from '@tarwarden/guarded-run/publish';
import { mustBeGuarded, parsePnpmArguments } from './command-line.ts';

/** Options of `pnpm publish` that take the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '--access --changed-files-ignore-pattern --dir -C --env-file --filter -F --filter-prod --http-proxy --https-proxy ' +
    '--loglevel --no-proxy --npm-path --npmrc-auth-file --otp --publication-name --publish-branch --publish-wait-timeout ' +
    '--registry --release-notes --reporter --state-dir --store-dir --tag --test-pattern --upload-variant --userconfig ' +
    '--variant-integrity --workspace-concurrency --workspace-packages'
  ).split(' '),
);

/** Options of `pnpm publish` that `pnpm pack` and `pnpm run` have to get as well. */
const FOR_ALL =
  /^(?:-C|--(?:dir|env-file|loglevel|reporter|userconfig|npmrc-auth-file|config\.[\w-]+|ignore-workspace|silent|use-stderr))$/;
const FOR_PACK = /^--(?:no-)?(?:embed-readme|skip-manifest-obfuscation)$/;
/** Options with which pnpm uploads several archives, or none. */
const VARIANTS = /^--(?:upload-variant|variant-integrity|batch)(?:=|$)/;

const SCRIPTS = { before: ['prepublishOnly', 'prepublish'], after: ['publish', 'postpublish'] };

/** Options and words that make pnpm choose among the projects of a workspace. */
const SELECTS = /^(?:-r|-F|--(?:recursive|filter|filter-prod)(?:=.*)?|recursive|multi|m)$/;

/** Settings with which pnpm runs one script and nothing else. */
const ALONE = ['--config.verify-deps-before-run=false', '--config.enable-pre-post-scripts=false'];

/** One word of the command line behind the command, with its value if that is another word. */
interface Word {
  readonly name: string;
  readonly words: readonly string[];
  readonly isOption: boolean;
}

/** Whether pnpm publishes or stages packages. */
export function publishes(args: readonly string[]): boolean {
  const { command, rest } = parsePnpmArguments(args);
  const first = rest.find((arg) => !arg.startsWith('-'));
  if (!mustBeGuarded(args)) return false;
  return command === 'publish' || (command === 'stage' && first === 'publish');
}

/**
 * The steps of a command line that publishes one package. Undefined if pnpm chooses the packages itself, as in a workspace, or if it is
 * not clear what it publishes.
 */
export function publicationOf(args: readonly string[], cwd: string): Publication | undefined {
  const { leading, sure, command, rest } = parsePnpmArguments(args);
  const words = wordsOf(rest);
  const options = words.filter(({ isOption }) => isOption);
  const chooses = [...leading, ...options.map(({ name }) => name)].some((word) =>
    SELECTS.test(word),
  );
  if (!sure || chooses) return undefined;
  if (words.some(({ words: [first = ''] }) => VARIANTS.test(first))) return undefined;
  const operands = words.filter(({ isOption }) => !isOption).slice(command === 'stage' ? 1 : 0);
  if (operands.length > 1) return undefined;
  const own = (pattern: RegExp): readonly string[] =>
    options.flatMap(({ name, words: each }) => (pattern.test(name) ? each : []));
  const folder = resolve(cwd, valueOf('--dir', '-C', [...wordsOf(leading), ...options]) ?? '.');
  const [operand] = operands;
  const named = operand && resolve(folder, operand.name);
  if (named !== undefined && !existsSync(named)) return undefined;
  const isArchive = named !== undefined && !statSync(named).isDirectory();
  const inFolder = named === undefined || isArchive ? [] : ['-C', named];
  const runsScripts = !args.some((arg) => /^--ignore-scripts(?:=true)?$/.test(arg));
  const common = [...leading, ...own(FOR_ALL), ...inFolder];
  return {
    folder: isArchive ? folder : (named ?? folder),
    archive: isArchive ? named : undefined,
    runsScripts,
    scripts: SCRIPTS,
    run: (script) => [...common, ...ALONE, 'run', script],
    pack: (destination) => [
      ...common,
      ...(runsScripts ? [] : ['--config.ignore-scripts=true']),
      'pack',
      ...own(FOR_PACK),
      '--pack-destination',
      destination,
    ],
    upload: (file) => [
      ...leading,
      ...(command === 'stage' ? ['stage', 'publish'] : ['publish']),
      file,
      ...options.flatMap((option) => option.words),
    ],
  };
}

function wordsOf(args: readonly string[]): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const isOption = arg.startsWith('-');
    const takesNext = WITH_VALUE.has(arg) && args[at + 1] !== undefined;
    const name = isOption ? arg.replace(/=.*/s, '') : arg;
    words.push({ name, words: takesNext ? [arg, args[at + 1]!] : [arg], isOption });
    if (takesNext) at++;
  }
  return words;
}

function valueOf(long: string, short: string, words: readonly Word[]): string | undefined {
  const last = words.findLast(({ name }) => name === long || name === short);
  if (last === undefined) return undefined;
  return last.words[1] ?? last.words[0]!.slice(last.name.length + 1);
}
