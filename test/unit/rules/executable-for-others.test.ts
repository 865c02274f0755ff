import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'executable-for-others';

describe('executable-for-others', () => {
  it('notes a file that not its owner but others may run, and nobody runs', () => {
    for (const mode of [0o654, 0o655, 0o611]) {
      const verdict = inspected(tgz({ entries: [entry({ name: 'package/main.css', mode })] }));
      expect(verdict.findings).toMatchObject([
        { rule: RULE, level: 'note', entry: 'package/main.css', entryIndex: 2, offset: 2048 },
      ]);
      expect(verdict.of(RULE)[0]?.message).toContain(`mode ${mode.toString(8)}`);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about a command, which another rule refuses', () => {
    const bytes = tgz({
      manifest: { bin: 'run' },
      entries: [entry({ name: 'package/run', mode: 0o654 })],
    });
    expect(inspected(bytes).of(RULE)).toEqual([]);
    expect(inspected(bytes).status).toBe('reject');
  });

  it('is silent about ordinary modes', () => {
    const bytes = tgz({ entries: [entry({ name: 'package/x', mode: 0o755 })] });
    expect(inspected(bytes).findings).toEqual([]);
  });
});
