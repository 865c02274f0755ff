import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unsafe-name';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem', expected: {} });

describe('gemspec-unsafe-name', () => {
  it.each([
    ['a name that is a path', { name: "'../x'" }, 'the name "../x"'],
    [
      'a version that is a path',
      { version: "!ruby/object:Gem::Version\n  version: '1/../../x'" },
      'the version',
    ],
    ['a platform with a line break', { platform: String.raw`"x86\nsystem('id')"` }, 'the platform'],
  ])('rejects %s', (_, gemspec, message) => {
    const verdict = verdictOf({ gemspec });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['a name that begins with a dot', { name: "'.x'" }],
    ['a version that is empty', { version: "!ruby/object:Gem::Version\n  version: ''" }],
    [
      'a platform of parts that are a path',
      { platform: '!ruby/object:Gem::Platform\n  cpu: ../../x\n  os: linux' },
    ],
  ])('rejects %s', (_, gemspec) => {
    expectRejected(verdictOf({ gemspec }), RULE, [{ level: 'error' }]);
  });

  it.each([
    ['a name with all that a name may have', { name: 'a_B-1.2' }],
    ['a version before a release', { version: '1.0.0.pre.1' }],
  ])('is silent about %s', (_, options) => {
    expectSilent(inspected(gemOf(options), { format: 'gem', expected: {} }), RULE);
  });
});
