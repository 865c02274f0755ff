import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'repeated-directory';

const folder = (name: string): Buffer => entry({ name, typeflag: '5', mode: 0o755 });

describe('repeated-directory', () => {
  it('warns of a folder with two entries', () => {
    const verdict = inspected(packageWith(folder('package/lib/'), folder('package/lib')));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'warning', entry: 'package/lib', entryIndex: 3 },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('warns of a folder after what lies in it', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/deep/a.js' }), folder('package/lib/')),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning', entry: 'package/lib' }]);
    expect(verdict.of(RULE)[0]?.message).toContain('"package/lib/deep/a.js"');
    expect(verdict.status).toBe('accept');
  });

  it('is silent about folders before what lies in them', () => {
    const verdict = inspected(
      packageWith(
        folder('package/lib/'),
        folder('package/lib/deep/'),
        entry({ name: 'package/lib/deep/a.js' }),
        entry({ name: 'package/lib/b.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about the first folder, wherever it comes', () => {
    const verdict = inspected(
      tgz({ before: [folder('package/')], entries: [folder('package/'), folder('package')] }),
    );
    expectSilent(verdict, RULE);
  });
});
