import { formatBlock } from '@tarwarden/core/report';
import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent } from '../../support/inspected.ts';
import { gemBeside, metadataOf, wheelBeside } from '../../support/index-word.ts';

const RULE = 'index-adds-dependency';

describe('index-adds-dependency', () => {
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
    expect(text).toContain('{"package":"fixture@1.0.0","rule":"index-adds-dependency"');
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
