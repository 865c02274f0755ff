/** Tables of archives with the findings of a rule: one table for each code. */
import {
  DEFAULT_LIMITS,
  DEFAULT_POLICY,
  type Finding,
  type InspectOptions,
  type Limits,
  type Policy,
} from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import type { ExpectedPackage } from '../../packages/core/src/finding/expected.ts';
import { gemOf, type GemOptions } from './gem.ts';
import { goEntry, type ModuleOptions } from './go/module-zip.ts';
import { inspectedModule, MODULE } from './go/inspected-module.ts';
import { inspectedSdist } from './inspected-sdist.ts';
import { inspected, ofCode, packageWith } from './inspected.ts';
import { tgz } from './pkg.ts';
import { sdist, type SdistOptions } from './sdist.ts';
import { entry, pax, type Bytes, type EntryOptions, type PaxRecords } from './tar.ts';
import { wheel, wheelFileName, type WheelOptions } from './wheel.ts';
import { spoken, type Words } from './words.ts';

interface Outcome {
  readonly status: string;
  readonly findings: readonly Finding[];
}

/** The bytes of an npm package, or a function that inspects another archive. */
export type Sample = Uint8Array | (() => Outcome);

/** What a finding has to be like. Its message contains or matches `says`, and does not contain `lacks`. */
export interface Expected extends Partial<
  Record<'entry' | 'entryIndex' | 'offset' | 'layer' | 'field', unknown>
> {
  readonly level?: Finding['level'];
  readonly says?: string | RegExp;
  readonly lacks?: string;
  /** No other code reports the archive. */
  readonly alone?: true;
  /** What becomes of the archive, where another code decides that. */
  readonly status?: 'reject';
}

export interface RuleTable {
  /** Archives with the findings of this code. One finding as usual for the table, unless the row lists what differs. */
  readonly reports: Readonly<Record<string, Sample | readonly [Sample, ...Expected[]]>>;
  /** Accepted archives about which this rule is silent. A row may name the code that reports them instead. */
  readonly silent?: Readonly<Record<string, Sample | readonly [Sample, string]>>;
  /** Accepted archives without any finding. */
  readonly clean?: Readonly<Record<string, Sample>>;
  /** Archives that are rejected for another reason: rows may name its code. */
  readonly elsewhere?: Readonly<Record<string, Sample | readonly [Sample, string]>>;
}

type Usual = Expected & { readonly level: keyof typeof VERBS };

export const error = (usual: Expected = {}): Usual => ({ ...usual, level: 'error' });
export const warning = (usual: Expected = {}): Usual => ({ ...usual, level: 'warning' });
export const note = (usual: Expected = {}): Usual => ({ ...usual, level: 'note' });

const VERBS = { error: 'rejects', warning: 'warns about', note: 'notes' } as const;

const outcomeOf = (sample: Sample): Outcome =>
  typeof sample === 'function' ? sample() : inspected(sample);

function expectFindings(findings: readonly Finding[], expected: readonly Expected[]): void {
  expect(findings).toMatchObject(
    expected.map(({ says, lacks: _lacks, alone: _alone, status: _status, ...fields }) => ({
      // A field that is undefined in a row may be anything.
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
      ...(says !== undefined && {
        message: (says instanceof RegExp
          ? expect.stringMatching(says)
          : expect.stringContaining(says)) as string,
      }),
    })),
  );
  for (const [at, { lacks }] of expected.entries())
    if (lacks !== undefined) expect(findings[at]?.message).not.toContain(lacks);
}

/** The tests of one code. `usual` is what each of its findings is like, unless a row says otherwise. */
export function describeRule(
  code: string,
  usual: Usual,
  { reports, silent = {}, clean = {}, elsewhere = {} }: RuleTable,
): void {
  describe(`the code ${code}`, () => {
    for (const [title, row] of Object.entries(reports))
      it(`${VERBS[usual.level]} ${title}`, () => {
        const [sample, ...rows] = row instanceof Array ? row : [row];
        const expected = (rows.length === 0 ? [{}] : rows).map((one) => ({ ...usual, ...one }));
        const { status, findings } = outcomeOf(sample);
        expectFindings(ofCode(findings, code), expected);
        if (expected.some(({ alone }) => alone)) expect(findings).toEqual(ofCode(findings, code));
        const isRejected = expected.some(
          (one) => one.level === 'error' || one.status !== undefined,
        );
        expect(status).toBe(isRejected ? 'reject' : 'accept');
      });
    for (const [wanted, rows] of [
      ['accept', silent],
      ['reject', elsewhere],
    ] as const)
      for (const [title, row] of Object.entries(rows))
        it(`is silent about ${title}`, () => {
          const [sample, other] = row instanceof Array ? row : [row];
          const { status, findings } = outcomeOf(sample);
          expect(ofCode(findings, code)).toEqual([]);
          if (other !== undefined) expect(ofCode(findings, other)).not.toEqual([]);
          expect(status).toBe(wanted);
        });
    for (const [title, sample] of Object.entries(clean))
      it(`is silent about ${title}`, () => {
        expect(outcomeOf(sample)).toMatchObject({ status: 'accept', findings: [] });
      });
    it('has a hostile archive and a near miss', () => {
      expect(Object.keys(reports)).not.toEqual([]);
      expect(Object.keys({ ...silent, ...clean, ...elsewhere })).not.toEqual([]);
    });
  });
}

/** Rows that are built in one way from values. The title has the value's name, or the value itself, for `%s`. */
export function rows<const T, R>(
  values: readonly T[] | Readonly<Record<string, T>>,
  build: (value: T, name: string) => R,
  title = '%s',
): Record<string, R> {
  const named = Array.isArray(values)
    ? (values as readonly T[]).map((value) => [JSON.stringify(value), value] as const)
    : Object.entries(values as Readonly<Record<string, T>>);
  return Object.fromEntries(
    named.map(([name, value]) => [title.replace('%s', () => name), build(value, name)]),
  );
}

/** The path of the entry that most tar tests are about. */
export const X = 'package/x.js';

/** A package with entries that have these fields, after its own two. */
export const npm = (...entries: readonly EntryOptions[]): Buffer =>
  packageWith(...entries.map((fields) => entry(fields)));

/** A package with an entry of this path. */
export const named = (name: Bytes): Buffer => npm({ name });

/** A package with a PAX header before an entry. */
export const paxed = (
  records: PaxRecords | Uint8Array,
  fields: EntryOptions = { name: X },
): Buffer => packageWith(pax(records), entry(fields));

/** A package with these fields in its package.json. */
export const manifest = (fields: Readonly<Record<string, unknown>>): Buffer =>
  tgz({ manifest: fields });

/** A package with these files. */
export const filled = (files: Readonly<Record<string, Bytes>>): Buffer => tgz({ files });

export const symlink = (name: string, linkname: string): EntryOptions => ({
  name,
  typeflag: '2',
  linkname,
});

export const hardlink = (name: string, linkname: string): EntryOptions => ({
  name,
  typeflag: '1',
  linkname,
});

export const folder = (name: string, mode = 0o644): EntryOptions => ({ name, typeflag: '5', mode });

export const inspecting =
  (bytes: Uint8Array, options: InspectOptions): Sample =>
  () =>
    inspected(bytes, options);

/** An npm package that is inspected under another policy. */
export const under = (policy: Partial<Policy>, bytes: Uint8Array): Sample =>
  inspecting(bytes, { policy: { ...DEFAULT_POLICY, ...policy } });

/** An npm package that is inspected where links are allowed which stay inside. */
export const linked = (...entries: readonly EntryOptions[]): Sample =>
  under({ links: 'contained' }, npm(...entries));

export const limited = (limits: Partial<Limits>, bytes: Uint8Array): Sample =>
  under({ limits: { ...DEFAULT_LIMITS, ...limits } }, bytes);

/** An npm package for which nobody has asked by name. */
export const unasked = (bytes: Uint8Array): Sample => inspecting(bytes, { expected: {} });

export const gem =
  (odd: GemOptions, expected?: ExpectedPackage): Sample =>
  () =>
    inspected(gemOf(odd), { format: 'gem', ...(expected && { expected }) });

/** A gem with these fields in its gemspec. */
export const gemspec = (fields: Readonly<Record<string, string | null>>): Sample =>
  gem({ gemspec: fields });

export const ofSdist =
  (odd: SdistOptions | Uint8Array = {}, expected: ExpectedPackage = {}): Sample =>
  () =>
    inspectedSdist(odd instanceof Uint8Array ? odd : sdist(odd), expected);

export const ofWheel =
  (odd: WheelOptions = {}, fileName: string = wheelFileName()): Sample =>
  () =>
    inspected(wheel(odd), { format: 'wheel', expected: { fileName } });

/** A wheel with these files. */
export const wheelWith = (files: Readonly<Record<string, Bytes>>): Sample => ofWheel({ files });

/** A wheel with these files in its `.dist-info` folder. */
export const wheelInfo = (info: Readonly<Record<string, Bytes>>): Sample => ofWheel({ info });

export const ofModule =
  (odd: Partial<ModuleOptions>, expected?: ExpectedPackage): Sample =>
  () =>
    inspectedModule(odd, expected);

/** A module zip with one more file. */
export const moduleFile = (path: string, more: Parameters<typeof goEntry>[2] = {}): Sample =>
  ofModule({ entries: [goEntry(`${MODULE}/${path}`, 'x', more)] });

/** A package beside the words of a registry or a lockfile: the findings are those about the words. */
export const beside =
  (words: Words): Sample =>
  () =>
    spoken(words);
