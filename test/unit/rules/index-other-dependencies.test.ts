import { DEFAULT_POLICY } from '@tarwarden/core';
import { metadataFileClaim } from '@tarwarden/core/metadata';
import { weighClaims } from '@tarwarden/core/policy';
import { formatBlock } from '@tarwarden/core/report';
import { describe, expect, it } from 'vitest';
import { gemBeside, metadataOf, sdistVerdict, wheelBeside } from '../../support/index-word.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

describe('index-hides-dependency', () => {
  const RULE = 'index-hides-dependency';

  const needs = metadataOf('Requires-Dist: helper (>=1.0)', "Requires-Dist: fast ; extra == 'x'");

  it('rejects a wheel whose dependency the metadata file lacks', () => {
    expectRejected(wheelBeside(needs, metadataOf("Requires-Dist: fast; extra == 'x'")), RULE, [
      {
        level: 'error',
        message: expect.stringContaining(
          'the archive needs "helper>=1.0", and the metadata file does not show it',
        ),
      },
    ]);
  });

  it('rejects a gem of which the index lists no dependency', () => {
    const verdict = gemBeside(
      [
        ['rack', ['~>', '3.0']],
        ['json', ['>=', '0']],
      ],
      '|checksum:00',
    );
    expect(verdict.of(RULE)).toHaveLength(2);
    expect(verdict.status).toBe('reject');
  });

  it('lets a policy except it for the exact archive', () => {
    const hidden = wheelBeside(needs, metadataOf());
    const exception = {
      package: 'fixture@1.0.0',
      rule: 'index-other-dependencies',
      sha512: hidden.archive.sha512,
      reason: 'seen',
      expires: '9999-12-31',
    } as const;
    const policy = { ...DEFAULT_POLICY, exceptions: [exception] };
    const verdict = wheelBeside(needs, metadataOf(), policy);
    expect(verdict.of(RULE)).toMatchObject([{ excepted: 'seen' }, { excepted: 'seen' }]);
    expect(verdict.status).toBe('accept');
  });

  it('rejects an sdist only for dependencies that are static', () => {
    const claim = metadataFileClaim(Buffer.from(metadataOf()), 'the metadata file');
    const found = (...lines: string[]): number => {
      const info = metadataOf('Requires-Dist: helper', ...lines).replace('2.1', '2.2');
      const verdict = weighClaims(sdistVerdict(info), [claim], { policy: DEFAULT_POLICY });
      return verdict.findings.filter(({ code }) => code === RULE).length;
    };
    expect([found(), found('Dynamic: Requires-Dist')]).toEqual([1, 0]);
  });

  it('is silent about long lists and long versions, and soon', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `Requires-Dist: a${n} (>=1)`);
    expectSilent(wheelBeside(metadataOf(...lines), metadataOf(...lines.toReversed())), RULE);
    const spaces = ' '.repeat(20_000);
    expectSilent(
      gemBeside([['a', ['>=', `1${'.0'.repeat(20_000)}`]]], `a:>=${spaces}1${spaces}`),
      RULE,
    );
  });

  it('is silent about other spellings, line endings, and development dependencies', () => {
    const other = metadataOf(
      'requires-dist: Fast;extra=="x"',
      'Requires-Dist: HELPER>=1.0',
    ).replaceAll('\n', '\r\n');
    expectSilent(wheelBeside(needs, other), RULE);
    const twice = [
      ['rack', ['>=', '0.0.0'], ['<', '4']],
      ['rack', ['>', '1.0']],
    ] as const;
    expectSilent(gemBeside(twice, 'rack:> 1&< 4.0,'), RULE);
  });
});

describe('index-adds-dependency', () => {
  const RULE = 'index-adds-dependency';

  it('rejects a wheel for which the metadata file has one dependency more', () => {
    const verdict = wheelBeside(metadataOf(), metadataOf('Requires-Dist: dropper'));
    expectRejected(verdict, RULE, [
      { message: expect.stringContaining('the metadata file shows "dropper"') },
    ]);
  });

  it('rejects a gem for which the index has one dependency more', () => {
    const verdict = gemBeside([['rack', ['>=', '1']]], 'dropper:>= 0,rack:>= 1|ruby:>= 3.0');
    expectRejected(verdict, RULE, [
      { message: expect.stringContaining('the compact index shows "dropper"') },
    ]);
  });

  it('rejects with an exception to write, because no command finds it in the archive alone', () => {
    const verdict = wheelBeside(metadataOf(), metadataOf('Requires-Dist: dropper'));
    const text = formatBlock({ subject: 'fixture@1.0.0', verdict, isOfOwnIndex: true });
    expect(text).toContain('refused fixture@1.0.0: its registry, index or lockfile contradicts it');
    expect(text).toContain('{"package":"fixture@1.0.0","rule":"index-other-dependencies"');
    expect(text).not.toContain('tarwarden explain');
    expect(text).not.toContain('tarwarden allow pypi:');
  });

  it('is silent about equal dependencies in another order', () => {
    const own = metadataOf('Requires-Dist: a', 'Requires-Dist: b[y,x]<2,>=1');
    const other = metadataOf(
      'Requires-Dist: b[X, Y] (>=1, <2)',
      'Requires-Dist: a',
      'License: MIT',
    );
    expectSilent(wheelBeside(own, other), RULE);
    expectSilent(
      gemBeside(
        [
          ['b', ['=', '1']],
          ['a', ['>=', '0']],
        ],
        'a:>= 0,b:= 1.0|',
      ),
      RULE,
    );
  });
});
