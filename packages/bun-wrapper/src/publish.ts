/* Reads a command line of bun that publishes a package. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { argumentWords, optionValue } from '@tarwarden/guarded-run';
import type { UploadPlan } from '@tarwarden/guarded-run/publish';
import { wordsAroundCommand } from './command-line.ts';

/** Options of `bun publish` that take the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '-c --config --access --auth-type --backend --ca --cache-dir --cafile --concurrent-scripts --cpu --cwd --env-file -F --filter ' +
    '--gzip-level --libc --linker --minimum-release-age --minimum-release-age-excludes --network-concurrency --omit --os --otp ' +
    '--registry --tag'
  ).split(' '),
);

/** Options of `bun publish` that `bun run` and `bun pm pack` have to get as well. */
const FOR_ALL = /^(?:-c|--(?:cwd|config|env-file|no-env-file|silent))$/;
const FOR_PACK = /^--(?:gzip-level|ignore-scripts|quiet)$/;
/** Options that make bun choose among the packages of a workspace, and several options in one argument, which may be such options. */
const SELECTS = /^(?:-[rF]|-[^-].+|--(?:recursive|filter))$/s;

/** Whether bun publishes packages. */
export function bunPublishes(args: readonly string[]): boolean {
  const { command, after } = wordsAroundCommand(args);
  return command === 'publish' && !after.some((arg) => arg === '--help' || arg === '-h');
}

/** The steps of a command line that publishes one package. Undefined if bun chooses the packages itself, or if it is not clear which. */
export function bunUploadPlan(args: readonly string[], cwd: string): UploadPlan | undefined {
  const { before, after } = wordsAroundCommand(args);
  const words = argumentWords(after, WITH_VALUE);
  const all = [...argumentWords(before, WITH_VALUE), ...words];
  const operands = words.filter(({ isOption }) => !isOption);
  if (operands.length > 1 || all.some(({ name }) => SELECTS.test(name))) return undefined;
  const folder = resolve(cwd, optionValue(all, ['--cwd']) ?? '.');
  const [operand] = operands;
  const named = operand && resolve(folder, operand.name);
  if (named !== undefined && !(existsSync(named) && statSync(named).isFile())) return undefined;
  const options = words.filter(({ isOption }) => isOption);
  const own = (pattern: RegExp): readonly string[] =>
    options.flatMap(({ name, given }) => (pattern.test(name) ? given : []));
  const common = [...before, ...own(FOR_ALL)];
  return {
    folder,
    archive: named,
    runsScripts: !options.some(({ name }) => name === '--ignore-scripts'),
    scripts: { before: ['prepublishOnly'], after: ['publish', 'postpublish'] },
    runsNeighbours: true,
    run: (script) => [...common, 'run', '--if-present', script],
    pack: (destination) => [
      ...common,
      'pm',
      'pack',
      ...own(FOR_PACK),
      '--destination',
      destination,
    ],
    upload: (file) => [...before, 'publish', file, ...options.flatMap(({ given }) => given)],
  };
}
