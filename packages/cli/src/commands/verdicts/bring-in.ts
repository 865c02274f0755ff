import { createReadStream } from 'node:fs';
import { verdictKeysOf } from '@tarwarden/audit';
import { TarwardenError } from '@tarwarden/core';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import {
  errnoOf,
  importVerdicts,
  pullVerdicts,
  trustedVerdicts,
  type BringInOptions,
} from '@tarwarden/host';
import { ENVELOPE_BYTES_MAX } from '@tarwarden/host/signed-verdicts';
import { type Values, tell, write, UsageError } from '@tarwarden/host/command-line';
import type { VERDICTS_OPTIONS } from './definition.ts';
import { startProgress } from '../../archives/progress.ts';
import { policyIn } from '../../working-folder.ts';
import { lockedAt } from './lockfiles.ts';

/** `tarwarden verdicts pull`. */
export async function pull(
  paths: readonly string[],
  values: Values<typeof VERDICTS_OPTIONS>,
): Promise<number> {
  const here = trust();
  const url = values.url ?? here.trusted.url;
  if (url === undefined) throw noStore();
  const keys = lockedAt(paths, true).flatMap(({ plan }) => verdictKeysOf(plan));
  const progress = startProgress(process.stderr, 'packages');
  const onProgress = (done: number): void => progress.update(done, keys.length);
  const { asked, found, problem } = await pullVerdicts({ ...here, url, onProgress }, keys);
  progress.clear();
  const known = keys.length - asked;
  const left = asked - found;
  await write(
    values.reporter === 'json'
      ? `${escapedJson({ schema: 1, packages: keys.length, known, signed: found, left, problem: problem ?? null })}\n`
      : `${plural(keys.length, 'package')}: ${known} known here, ${found} signed by others, ${left} to be inspected\n`,
  );
  if (problem === undefined) return 0;
  tell(`the store was not asked to the end: ${printable(problem)}`);
  return 2;
}

/** `tarwarden verdicts import`. */
export async function importSets(
  paths: readonly string[],
  { reporter }: Values<typeof VERDICTS_OPTIONS>,
): Promise<number> {
  if (paths.length === 0) throw new UsageError('import needs a file', 'verdicts');
  const here = trust();
  let code = 0;
  const files: object[] = [];
  for (const path of paths) {
    const { taken, others, unsigned } = await importVerdicts(here, linesOf(path));
    if (reporter === 'json') files.push({ path, taken, others, unsigned });
    else
      await write(
        `${printablePath(path)}: ${plural(taken, 'verdict')} taken, ${others} for other rules or another policy, ${unsigned} not signed by a key that counts\n`,
      );
    if (taken === 0) code = 2;
  }
  if (reporter === 'json') await write(`${escapedJson({ schema: 1, files })}\n`);
  return code;
}

/**
 * The keys that are trusted here.
 * @throws TarwardenError if there are none.
 */
function trust(): BringInOptions {
  const { policy, verdicts } = policyIn();
  const trusted = trustedVerdicts(verdicts, { env: process.env, today: policy.today });
  if (trusted === undefined)
    throw new TarwardenError(
      'KEY_UNUSABLE',
      'your policy file pins no key that counts today, so that no verdict of others can be used: "verdicts": { "keys": […] }',
    );
  return { policy, env: process.env, trusted };
}

export function noStore(): UsageError {
  return new UsageError(
    'no store is named: give --url, set TARWARDEN_VERDICTS_URL, or write "verdicts": { "url": … } into your policy file',
    'verdicts',
  );
}

/** The non-empty lines of a file. A line that is too long for an envelope is cut, so that it is not a valid one. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const part of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      const lines = (rest + part).split('\n');
      rest = lines.pop()!.slice(0, ENVELOPE_BYTES_MAX + 1);
      yield* lines.filter((line) => line !== '');
    }
  } catch (error) {
    throw new UsageError(
      `${printablePath(path)} cannot be read (${errnoOf(error) ?? String(error)})`,
      'verdicts',
    );
  }
  if (rest !== '') yield rest;
}
