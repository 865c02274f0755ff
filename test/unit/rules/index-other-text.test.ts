import { describe, expect, it } from 'vitest';
import { expectSilent } from '../../support/inspected.ts';
import { metadataOf, wheelBeside } from '../../support/index-word.ts';

const RULE = 'index-other-text';

describe('index-other-text', () => {
  it('warns about another licence or description', () => {
    for (const other of [metadataOf('License: MIT'), `${metadataOf()}\nAnother description\n`]) {
      const verdict = wheelBeside(metadataOf('License: GPL'), other);
      expect(verdict.of(RULE)).toMatchObject([{ level: 'warning' }]);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about other line endings and empty lines at the end', () => {
    const own = `${metadataOf('License: GPL')}\nA description\nof two lines\n`;
    expectSilent(wheelBeside(own, own), RULE);
    expectSilent(wheelBeside(own, `${own.replaceAll('\n', '\r\n')}\n\n`), RULE);
  });
});
