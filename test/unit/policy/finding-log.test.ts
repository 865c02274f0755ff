import { describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  inspect,
  problems,
  type Code,
  type Policy,
  type RuleId,
} from '@tarwarden/core';
import type { Observation } from '../../../packages/core/src/finding/observation.ts';
import { FindingLog } from '../../../packages/core/src/policy/finding-log.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const named = { package: 'fixture@1.0.0', sha512: 'aa' };
const subject = { ...named, ecosystem: 'npm' } as const;

const seen = (code: Code, index: number): Observation => ({
  code,
  detail: `number ${index}`,
  entry: `package/${index}`,
});

function logOf(...observations: readonly Observation[]): FindingLog {
  const log = new FindingLog();
  for (const one of observations) log.add(one);
  return log;
}

const many = (code: Code, count: number): Observation[] =>
  Array.from({ length: count }, (_, index) => seen(code, index));

/** A policy that excepts the findings of these entries; all of the rule where an entry is undefined. */
const excepting = (rule: RuleId, ...entries: readonly (string | undefined)[]): Policy => ({
  ...DEFAULT_POLICY,
  today: '2026-01-01',
  exceptions: entries.map((path) => ({
    ...named,
    rule,
    ...(path !== undefined && { entry: path }),
    reason: 'known',
    expires: '2026-01-01',
  })),
});

const firstTwenty = Array.from({ length: 20 }, (_, index) => `package/${index}`);

describe('FindingLog', () => {
  it('keeps what was observed, weighed by the policy', () => {
    const log = logOf(
      { code: 'symlink', detail: 'a link', entry: 'package/a', entryIndex: 3, offset: 512 },
      { code: 'repeated-directory', detail: 'twice' },
    );
    expect(log.weigh(DEFAULT_POLICY, subject)).toEqual({
      rejected: true,
      omitted: 0,
      findings: [
        {
          rule: 'symlink',
          level: 'error',
          message: expect.stringMatching(/^\S.*: a link$/),
          entry: 'package/a',
          entryIndex: 3,
          offset: 512,
        },
        {
          rule: 'repeated-directory',
          level: 'warning',
          message: expect.stringMatching(/^\S.*: twice$/),
        },
      ],
    });
  });

  it('holds nothing where nothing was observed, and rejects for no warning', () => {
    const nothing = { rejected: false, findings: [], omitted: 0 };
    expect(logOf().weigh(DEFAULT_POLICY, subject)).toEqual(nothing);
    const warnings = logOf(...many('repeated-directory', 21));
    expect(warnings.weigh(DEFAULT_POLICY, subject)).toMatchObject({ rejected: false, omitted: 1 });
  });

  it('rejects for no note, and does not count those that are not kept', () => {
    const noted = logOf(...many('duplicate-path-identical', 25)).weigh(DEFAULT_POLICY, subject);
    expect(noted).toMatchObject({ rejected: false, omitted: 0 });
    expect(noted.findings.map(({ level }) => level)).toEqual(Array(20).fill('note'));
  });

  it('keeps 20 of a rule and 200 of an archive, and counts the rest', () => {
    const one = logOf(...many('symlink', 20)).weigh(DEFAULT_POLICY, subject);
    expect(one.findings).toHaveLength(20);
    expect(one.omitted).toBe(0);
    const more = logOf(...many('symlink', 25)).weigh(DEFAULT_POLICY, subject);
    expect(more.findings.map((finding) => finding.entry)).toEqual(firstTwenty);
    expect(more.omitted).toBe(5);
    const rules = [
      'symlink',
      'hardlink',
      'fifo',
      'path-traversal',
      'absolute-path',
      'drive-path',
      'unc-path',
      'backslash-path',
      'control-character',
      'empty-path',
      'invalid-utf8',
    ] as const;
    const all = logOf(...rules.flatMap((rule) => many(rule, 20))).weigh(DEFAULT_POLICY, subject);
    expect(all.findings).toHaveLength(200);
    expect(all.omitted).toBe(20);
  });

  it('rejects for an error past the cap of its rule, where all that is kept is excepted', () => {
    const policy = excepting('symlink', ...firstTwenty);
    const kept = logOf(...many('symlink', 20)).weigh(policy, subject);
    expect(kept).toMatchObject({ rejected: false, omitted: 0 });
    expect(kept.findings.every((finding) => finding.excepted === 'known')).toBe(true);
    // An exception for one entry says nothing of what was counted and not kept.
    const past = logOf(...many('symlink', 21)).weigh(policy, subject);
    expect(past).toMatchObject({ rejected: true, omitted: 1 });
  });

  it('rejects for an error past the cap of the archive', () => {
    const warnings = [
      'duplicate-path-identical',
      'repeated-directory',
      'empty-component',
      'gzip-optional-header',
      'leading-dot-folder',
      'multiple-top-folders',
      'tar-blank-magic',
      'padded-number',
      'base256-number',
      'type-bits-in-mode',
    ] as const;
    const policy: Policy = {
      ...DEFAULT_POLICY,
      levels: Object.fromEntries(warnings.map((code) => [problems[code].id, 'warning'])),
    };
    const full = logOf(...warnings.flatMap((rule) => many(rule, 20)));
    expect(full.weigh(policy, subject)).toMatchObject({ rejected: false, omitted: 0 });
    full.add(seen('symlink', 0));
    expect(full.weigh(policy, subject)).toMatchObject({ rejected: true, omitted: 1 });
  });

  it('takes an exception for the whole rule past the cap as well', () => {
    const log = logOf(...many('symlink', 30));
    expect(log.weigh(excepting('symlink', undefined), subject)).toMatchObject({
      rejected: false,
      omitted: 10,
    });
  });

  it('neither shows nor counts what the policy has turned off', () => {
    const policy: Policy = { ...DEFAULT_POLICY, levels: { symlink: 'off' } };
    const log = logOf(...many('symlink', 30), seen('hardlink', 1));
    const outcome = log.weigh(policy, subject);
    expect(outcome).toMatchObject({ rejected: true, omitted: 0 });
    expect(outcome.findings.map((finding) => finding.rule)).toEqual(['hardlink']);
    expect(logOf(...many('symlink', 30)).weigh(policy, subject).rejected).toBe(false);
  });
});

describe('an archive with more links than are shown', () => {
  const archive = (count: number): Buffer =>
    tgz({
      entries: Array.from({ length: count }, (_, index) =>
        entry({ name: `package/${index}`, typeflag: '2', linkname: 'index.js' }),
      ),
    });

  it('is rejected where the first twenty are excepted, and accepted with just these', () => {
    const inspected = (count: number) => {
      const bytes = archive(count);
      const policy = excepting('symlink', ...firstTwenty);
      const { sha512 } = inspect(bytes).archive;
      const exceptions = policy.exceptions.map((one) => ({ ...one, sha512 }));
      return inspect(bytes, { policy: { ...policy, exceptions } });
    };
    expect(inspected(20)).toMatchObject({ status: 'accept', omitted: 0 });
    expect(inspected(21)).toMatchObject({ status: 'reject', omitted: 1 });
  });
});
