import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-file-name-mismatch';
const verdictOf = (odd: GemOptions, fileName: string) =>
  inspected(gemOf(odd), { format: 'gem', expected: { fileName } });

describe('gemspec-file-name-mismatch', () => {
  it('rejects the file of another gem', () => {
    const verdict = verdictOf({ name: 'evil' }, 'fixture-1.0.0.gem');
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('instead of "evil-1.0.0.gem"') },
    ]);
  });

  it.each([
    ['the file of another version', 'fixture-1.0.1.gem'],
    ['a platform that the gemspec does not have', 'fixture-1.0.0-java.gem'],
    ['a gem of another ending', 'fixture-1.0.0.tgz'],
  ])('rejects %s', (_, fileName) => {
    expectRejected(verdictOf({}, fileName), RULE, [{ level: 'error' }]);
  });

  it('rejects the file of another platform', () => {
    const verdict = verdictOf({ platform: 'java' }, 'fixture-1.0.0.gem');
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about the name of the gem', () => {
    expectSilent(verdictOf({}, 'fixture-1.0.0.gem'), RULE);
  });

  it('is silent about the name with its platform', () => {
    expectSilent(verdictOf({ platform: 'x86_64-linux' }, 'fixture-1.0.0-x86_64-linux.gem'), RULE);
  });

  it('is silent about the platform that it was built for', () => {
    const verdict = verdictOf(
      { platform: 'x86-mingw32', gemspec: { original_platform: 'x86-mingw' } },
      'fixture-1.0.0-x86-mingw.gem',
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a platform in parts', () => {
    const verdict = verdictOf(
      { platform: '!ruby/object:Gem::Platform\n  cpu: x86\n  os: mswin32\n  version: 60' },
      'fixture-1.0.0-x86-mswin32-60.gem',
    );
    expectSilent(verdict, RULE);
  });
});
