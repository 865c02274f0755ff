import { describe, expect, it } from 'vitest';
import { gemOf, type GemOptions } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

describe('gemspec-file-name-mismatch', () => {
  const RULE = 'gemspec-file-name-mismatch';
  const verdictOf = (odd: GemOptions, fileName: string) =>
    inspected(gemOf(odd), { format: 'gem', expected: { fileName } });

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

describe('gemspec-name-mismatch', () => {
  const RULE = 'gemspec-name-mismatch';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

  it('rejects another name', () => {
    const verdict = verdictOf({ name: 'evil' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"evil" instead of') },
    ]);
  });

  it('is silent about the same name', () => {
    expectSilent(verdictOf({}), RULE);
  });

  it('is silent about another name where nobody asked', () => {
    expectSilent(inspected(gemOf({ name: 'evil' }), { format: 'gem', expected: {} }), RULE);
  });
});

describe('gemspec-version-mismatch', () => {
  const RULE = 'gemspec-version-mismatch';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

  it('rejects another version', () => {
    const verdict = verdictOf({ version: '0.9.0' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"0.9.0" instead of') },
    ]);
  });

  it('is silent about the same version', () => {
    expectSilent(verdictOf({}), RULE);
  });

  it('is silent about another version where nobody asked', () => {
    expectSilent(inspected(gemOf({ version: '0.9.0' }), { format: 'gem', expected: {} }), RULE);
  });
});
