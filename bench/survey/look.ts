import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { inspect, type InspectOptions, type Level } from '@tarwarden/core';
import { isRaised } from '@tarwarden/core/policy';

import { atOnce } from '../at-once.ts';
import { cacheFolder, fetched, FETCHED_AT_ONCE, type Listed } from '../corpus.ts';
import { measure, type Measures } from './measure.ts';

/** Examples of each rule that are kept. */
const EXAMPLES = 5;

/** The preset whose rejections are counted too. */
export const STRICT = 'strict@1';

/** How often a rule found something in the survey's archives. */
export interface RuleCount {
  readonly rule: string;
  readonly level: Level;
  /** Archives, not findings. */
  archives: number;
  readonly examples: string[];
}

/** The largest that was seen of something, and in which package. */
export interface Largest {
  readonly value: number;
  readonly id: string;
}

export interface Survey {
  archives: number;
  names: number;
  bytes: number;
  rejected: number;
  /** Archives that are rejected under the preset {@link STRICT}. */
  strict: number;
  /** Listed, but no longer to be had. */
  readonly missing: string[];
  readonly rules: Record<string, RuleCount>;
  readonly largest: Partial<Record<keyof Measures, Largest>>;
}

export function emptySurvey(names: number): Survey {
  return {
    archives: 0,
    names,
    bytes: 0,
    rejected: 0,
    strict: 0,
    missing: [],
    rules: {},
    largest: {},
  };
}

/** Fetches what is missing, inspects every tarball of the list, and counts. */
export async function survey(
  list: readonly Listed[],
  tell: (done: number) => void,
): Promise<Survey> {
  const folder = join(cacheFolder, 'survey');
  mkdirSync(folder, { recursive: true });
  const names = new Set(list.map(({ name }) => name)).size;
  const result = emptySurvey(names);
  await atOnce(list, FETCHED_AT_ONCE, async (item) => {
    const id = `${item.name}@${item.version}`;
    let bytes: Buffer;
    try {
      ({ bytes } = await fetched(item, folder, addressOf(item)));
    } catch (error) {
      result.missing.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    count(result, id, bytes);
    tell(result.archives);
  });
  return result;
}

/** The tarball by its address, which saves the package's metadata: the integrity says what it has to be. */
export function addressOf({ name, version }: Listed): string {
  const registry = process.env['npm_config_registry'] ?? 'https://registry.npmjs.org/';
  const base = name.slice(name.indexOf('/') + 1);
  return `${registry.replace(/\/*$/, '/')}${name}/-/${base}-${version}.tgz`;
}

/** Other archives than tarballs of npm. */
export interface Looked {
  readonly options: InspectOptions;
  /** Name of the file that says which package it is. */
  readonly manifest: string;
}

/** Inspects one archive and adds what was found. */
export function count(result: Survey, id: string, bytes: Buffer, looked?: Looked): void {
  const verdict = inspect(bytes, looked?.options);
  result.archives++;
  result.bytes += bytes.length;
  if (verdict.status === 'reject') result.rejected++;
  const isStrict = verdict.findings.some(({ rule }) => isRaised(STRICT, rule, verdict.format));
  if (verdict.status === 'reject' || isStrict) result.strict++;
  const seen = new Map(verdict.findings.map(({ rule, level }) => [rule, level]));
  for (const [rule, level] of seen) {
    const known = (result.rules[rule] ??= { rule, level, archives: 0, examples: [] });
    known.archives++;
    known.examples.push(id);
    // Those that come first by name, in whatever order the answers came.
    known.examples.sort();
    known.examples.splice(EXAMPLES);
  }
  if (verdict.status === 'reject') return;
  const found = measure(bytes, looked?.manifest);
  for (const key of Object.keys(found) as (keyof Measures)[]) {
    const value = found[key];
    if (value > (result.largest[key]?.value ?? -1)) result.largest[key] = { value, id };
  }
}
