import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-checksum-missing';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-checksum-missing', () => {
  it('notes a gem without checksums', () => {
    const verdict = verdictOf({ checksums: null });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', message: expect.stringContaining('there is no checksums.yaml.gz') },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a gem with checksums', () => {
    expectSilent(verdictOf({}), RULE);
  });
});
