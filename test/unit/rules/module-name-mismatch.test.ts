import { describe, expect, it } from 'vitest';
import { inspectedModule } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'module-name-mismatch';

describe('module-name-mismatch', () => {
  it('rejects another version than was asked for', () => {
    const verdict = inspectedModule({ module: 'example.org/m@v1.9.9' });
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        message: expect.stringContaining('version "v1.9.9", and "v1.0.0" was asked for'),
      },
    ]);
  });

  it('is silent about a zip that nobody asked for by name', () => {
    expectSilent(inspectedModule({ module: 'example.org/other@v1.0.0' }, {}), RULE);
  });
});
