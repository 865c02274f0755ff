import { describe, it } from 'vitest';
import { goEntry } from '../../support/go/module-zip.ts';
import { inspectedModule, MODULE } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'module-outside-folder';

describe('module-outside-folder', () => {
  it('rejects an entry in the folder of another module', () => {
    const verdict = inspectedModule({
      entries: [goEntry('example.org/other@v1.0.0/planted.go', 'x')],
    });
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'example.org/other@v1.0.0/planted.go' },
    ]);
  });

  it('is silent about the folder itself', () => {
    const verdict = inspectedModule({
      entries: [goEntry(`${MODULE}/`, '', { method: 0, descriptor: false })],
    });
    expectSilent(verdict, RULE);
  });
});
