import { describe, expect, it } from 'vitest';
import { expectSilent, inspected } from '../../support/inspected.ts';
import { gemBeside, metadataOf, onPage, sdistVerdict } from '../../support/index-word.ts';
import { wheel } from '../../support/wheel.ts';

const RULE = 'index-other-language';

describe('index-other-language', () => {
  const wheelOf = (...lines: string[]): ReturnType<typeof inspected> =>
    inspected(wheel({ info: { METADATA: metadataOf(...lines) } }), { format: 'wheel' });

  it('warns about another Python on the page', () => {
    const verdict = onPage(wheelOf('Requires-Python: >=3.12'), '>=3.6');
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining('the page has Python ">=3.6", and the archive ">=3.12"'),
      },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('warns about one for a wheel without Requires-Python, and an sdist whose metadata is static', () => {
    expect(onPage(wheelOf(), '<3').of(RULE)).toHaveLength(1);
    const info = metadataOf('Requires-Python: >=3.9').replace('2.1', '2.4');
    expect(onPage(sdistVerdict(info), '>=3.8').of(RULE)).toHaveLength(1);
  });

  it('warns about another Ruby or RubyGems', () => {
    expect(gemBeside([], '|ruby:>= 2.0,rubygems:> 1.3.1').of(RULE)).toHaveLength(2);
  });

  it('is silent about other spellings, absent fields, and metadata that a build computes', () => {
    expectSilent(onPage(wheelOf('Requires-Python: >=3.6, !=3.7.*'), '!=3.7.*,>=3.6'), RULE);
    expectSilent(onPage(sdistVerdict(metadataOf('Requires-Python: >=3.9')), '>=3.8'), RULE);
    const dynamic = metadataOf('Requires-Python: >=3.9', 'Dynamic: Requires-Python');
    expectSilent(onPage(sdistVerdict(dynamic.replace('2.1', '2.2')), '>=3.8'), RULE);
    expectSilent(gemBeside([], '|ruby:>= 3'), RULE);
    expectSilent(gemBeside([], '|ruby:>= 3.0.0,rubygems:>= 0'), RULE);
  });
});
