import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent } from '../../support/inspected.ts';
import { gemBeside } from '../../support/index-word.ts';

const RULE = 'index-other-checksum';

describe('index-other-checksum', () => {
  const OWN = 'a'.repeat(64);

  it('rejects a gem with another SHA-256 than the index has', () => {
    expectRejected(gemBeside([], `|checksum:${'b'.repeat(64)},ruby:>= 3.0`, OWN), RULE, [
      { level: 'error', message: expect.stringContaining(`"${'b'.repeat(64)}"`) },
    ]);
  });

  it('is silent about capital letters, and an index without checksums', () => {
    expectSilent(gemBeside([], `|ruby:>= 3.0,checksum:${OWN.toUpperCase()}`, OWN), RULE);
    expectSilent(gemBeside([], '|ruby:>= 3.0', OWN), RULE);
    expectSilent(gemBeside([], '', OWN), RULE);
  });
});
