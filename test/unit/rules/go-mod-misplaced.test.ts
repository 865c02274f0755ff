import { describe, expect, it } from 'vitest';
import { goEntry } from '../../support/go/module-zip.ts';
import { inspectedModule, MODULE } from '../../support/go/inspected-module.ts';

const RULE = 'go-mod-misplaced';

describe('go-mod-misplaced', () => {
  it('rejects a go.mod in a folder', () => {
    const verdict = inspectedModule({ entries: [goEntry(`${MODULE}/sub/Go.Mod`, 'x')] });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'example.org/m@v1.0.0/sub/Go.Mod' },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about names that only resemble it', () => {
    const verdict = inspectedModule({
      entries: [goEntry(`${MODULE}/_go.mod`, 'x'), goEntry(`${MODULE}/sub/go.mod.txt`, 'x')],
    });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
