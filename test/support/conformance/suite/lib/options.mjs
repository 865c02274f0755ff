// The command line of the runner.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const USAGE = `usage: node run.mjs [option...] -- COMMAND [ARGUMENT...]

Runs COMMAND for each archive of the suite, and compares its answer with manifest.json.
In ARGUMENT, these words are replaced:
  {archive}   the path of the archive
  {archives}  with --batch: the paths of many archives, each one argument
  {out}       an empty folder. It is also the current folder of the command
  {format}    the format of the archive: npm, yarn-zip, wheel, sdist, gem or gomod
  {suite}     the folder of the suite
  {package}   the package that a client asks for: fixture@1.0.0

options:
  --formats LIST   only archives of these formats, separated by commas
  --class LIST     only archives of these classes
  --scope LIST     only archives of these scopes: container, package, limit
  --only LIST      only archives with these ids
  --batch          start COMMAND for many archives at once
  --strip          COMMAND removes the first folder of the archive, as package managers do
  --nested         COMMAND makes one folder in {out} and unpacks into it
  --no-modes       do not compare which files are executable
  --timeout S      seconds for one archive (default: 20)
  --max-mib N      stop COMMAND when it has written N MiB (default: 256)
  --jobs N         commands that run at the same time (default: one for each core)
  --json           print the results as JSON

exit codes: 0 all archives as expected, 1 some are not, 2 the runner could not do its work`;

/**
 * @typedef {object} Options
 * @property {readonly string[]} command
 * @property {Readonly<Record<'format' | 'class' | 'scope' | 'id', readonly string[] | undefined>>} only
 * @property {boolean} batch
 * @property {boolean} strip
 * @property {boolean} nested
 * @property {boolean} modes
 * @property {number} timeoutMs
 * @property {number} maxBytes
 * @property {number} jobs
 * @property {boolean} json
 */

/** Thrown if the command line is wrong. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  const end = args.indexOf('--');
  const command = end < 0 ? [] : args.slice(end + 1);
  const values = valuesOf(end < 0 ? args : args.slice(0, end));
  if (command.length === 0) throw new UsageError('after --, name the command to run');
  const text = command.join(' ');
  if (text.includes('{archives}') && !values.batch)
    throw new UsageError('{archives} needs --batch');
  if (text.includes('{archive}') && values.batch)
    throw new UsageError('with --batch, use {archives}, or read the lines on standard input');
  return {
    command,
    only: {
      format: listOf(values.formats),
      class: listOf(values.class),
      scope: listOf(values.scope),
      id: listOf(values.only),
    },
    batch: values.batch,
    strip: values.strip,
    nested: values.nested,
    modes: !values['no-modes'] && process.platform !== 'win32',
    timeoutMs: 1000 * numberOf('--timeout', values.timeout),
    maxBytes: 1024 * 1024 * numberOf('--max-mib', values['max-mib']),
    jobs: numberOf('--jobs', values.jobs),
    json: values.json,
  };
}

/** @param {readonly string[]} args */
function valuesOf(args) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const list = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({
      args: [...args],
      options: {
        formats: list,
        class: list,
        scope: list,
        only: list,
        batch: flag,
        strip: flag,
        nested: flag,
        'no-modes': flag,
        timeout: { type: 'string', default: '20' },
        'max-mib': { type: 'string', default: '256' },
        jobs: { type: 'string', default: String(availableParallelism()) },
        json: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string | undefined} text */
function listOf(text) {
  return text?.split(',').filter((word) => word !== '');
}

/**
 * @param {string} name
 * @param {string} text
 */
function numberOf(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${name} takes a whole number from 1 on`);
  return value;
}
