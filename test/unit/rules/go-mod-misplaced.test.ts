import { describe, it } from 'vitest';
import { goEntry } from '../../support/go/module-zip.ts';
import { inspectedModule, MODULE } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'go-mod-misplaced';

describe('go-mod-misplaced', () => {
  it('rejects a go.mod in a folder', () => {
    const verdict = inspectedModule({ entries: [goEntry(`${MODULE}/sub/Go.Mod`, 'x')] });
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'example.org/m@v1.0.0/sub/Go.Mod' }]);
  });

  it('is silent about names that only resemble it', () => {
    const verdict = inspectedModule({
      entries: [goEntry(`${MODULE}/_go.mod`, 'x'), goEntry(`${MODULE}/sub/go.mod.txt`, 'x')],
    });
    expectSilent(verdict, RULE);
  });
});
