/* Reads a command line of pnpm that publishes a package. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { argumentWords, optionValue } from '@tarwarden/guarded-run';
import type { UploadPlan } from '@tarwarden/guarded-run/publish';
import { mayBe, mustBeGuarded, parsePnpmArguments, type OptionName } from './command-line.ts';

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
const SCRIPTS = { before: ['prepublishOnly', 'prepublish'], after: ['publish', 'postpublish'] };

/** Options with which pnpm chooses among the projects of a workspace, or uploads several archives, or none. */
const CHOOSING: readonly OptionName[] = [
  ['recursive', 'r'],
  ['filterprod', 'f'],
  ['workspaceroot', 'w'],
  ['batch', 'b'],
  ['uploadvariant', 'u'],
  ['variantintegrity', 'v'],
];

/** Words before the command that do the same, and several options in one argument: only pnpm knows which they are. */
const UNCLEAR = /^(?:recursive|multi|m|-[^-].+)$/s;

/** Settings with which pnpm runs one script and nothing else. */
const ALONE = ['--config.verify-deps-before-run=false', '--config.enable-pre-post-scripts=false'];

export interface PnpmUploadPlan extends UploadPlan {
  /** The arguments with which pnpm prints whether its settings forbid scripts. */
  readonly scriptSetting: readonly string[];
}

/** Whether pnpm publishes or stages packages. */
export function pnpmPublishes(args: readonly string[]): boolean {
  const { command, rest } = parsePnpmArguments(args);
  const first = rest.find((arg) => !arg.startsWith('-'));
  if (!mustBeGuarded(args)) return false;
  return command === 'publish' || (command === 'stage' && first === 'publish');
}

/**
 * The steps of a command line that publishes one package. Undefined if pnpm chooses the packages itself, as in a workspace, or if it is
 * not clear what it publishes.
 */
export function pnpmUploadPlan(args: readonly string[], cwd: string): PnpmUploadPlan | undefined {
  const { leading, sure, command, rest } = parsePnpmArguments(args);
  const words = argumentWords(rest, WITH_VALUE);
  const options = words.filter(({ isOption }) => isOption);
  const chooses = [...leading, ...options.map(({ name }) => name)].some(
    (word) => UNCLEAR.test(word) || CHOOSING.some((name) => mayBe(word, name)),
  );
  if (!sure || chooses) return undefined;
  const operands = words.filter(({ isOption }) => !isOption).slice(command === 'stage' ? 1 : 0);
  if (operands.length > 1) return undefined;
  const own = (pattern: RegExp): readonly string[] =>
    options.flatMap(({ name, given }) => (pattern.test(name) ? given : []));
  const folder = resolve(
    cwd,
    optionValue([...argumentWords(leading, WITH_VALUE), ...options], ['--dir', '-C']) ?? '.',
  );
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
    scriptSetting: [...common, 'config', 'get', 'ignore-scripts'],
    run: (script) => [...common, ...ALONE, 'run', '--if-present', script],
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
      ...options.flatMap((option) => option.given),
    ],
  };
}
