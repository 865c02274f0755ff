import { describe, it } from 'vitest';
import { inspectedModule } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'module-size-limit';

describe('module-size-limit', () => {
  it('rejects a go.mod that go does not take', () => {
    const verdict = inspectedModule({
      files: { 'go.mod': Buffer.alloc(16 * 1024 * 1024 + 1, 'xyz\n') },
    });
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'example.org/m@v1.0.0/go.mod' }]);
  });

  it('is silent about a go.mod of a megabyte', () => {
    const verdict = inspectedModule({
      files: { 'go.mod': `module example.org/m\n${'// x\n'.repeat(200_000)}` },
    });
    expectSilent(verdict, RULE);
  });
});
