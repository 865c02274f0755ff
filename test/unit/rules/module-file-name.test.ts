import { describe, expect, it } from 'vitest';
import { goEntry } from '../../support/go/module-zip.ts';
import { inspectedModule, MODULE } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'module-file-name';

describe('module-file-name', () => {
  it('rejects the name of a Windows device', () => {
    const verdict = inspectedModule({ entries: [goEntry(`${MODULE}/Aux.go`, 'x')] });
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        entry: 'example.org/m@v1.0.0/Aux.go',
        message: expect.stringContaining('has the device name "Aux"'),
      },
    ]);
  });

  it('is silent about spaces, brackets and letters', () => {
    const verdict = inspectedModule({
      entries: [goEntry(`${MODULE}/a [b]~1 é.go`, 'x', { flags: 0x800 })],
    });
    expectSilent(verdict, RULE);
  });
});
