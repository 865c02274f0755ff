import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unsafe-name';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem', expected: {} });

describe('gemspec-unsafe-name', () => {
  it('rejects a name that is a path', () => {
    const verdict = verdictOf({ gemspec: { name: "'../x'" } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('the name "../x"') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a name that begins with a dot', () => {
    const verdict = verdictOf({ gemspec: { name: "'.x'" } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a version that is a path', () => {
    const verdict = verdictOf({
      gemspec: { version: "!ruby/object:Gem::Version\n  version: '1/../../x'" },
    });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('the version') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a version that is empty', () => {
    const verdict = verdictOf({ gemspec: { version: "!ruby/object:Gem::Version\n  version: ''" } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a platform with a line break', () => {
    const verdict = verdictOf({ gemspec: { platform: String.raw`"x86\nsystem('id')"` } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('the platform') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a platform of parts that are a path', () => {
    const verdict = verdictOf({
      gemspec: { platform: '!ruby/object:Gem::Platform\n  cpu: ../../x\n  os: linux' },
    });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a name with all that a name may have', () => {
    const verdict = inspected(gemOf({ name: 'a_B-1.2' }), { format: 'gem', expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a version before a release', () => {
    const verdict = inspected(gemOf({ version: '1.0.0.pre.1' }), { format: 'gem', expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
