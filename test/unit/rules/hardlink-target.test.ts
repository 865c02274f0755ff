import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'hardlink-target';

describe('hardlink-target', () => {
  const link = (linkname: string, mode = 0o644): Buffer =>
    entry({ name: 'fixture-1.0.0/hard', typeflag: '1', linkname, mode });
  const file = entry({ name: 'fixture-1.0.0/dir/file', body: 'x' });

  it('rejects one to itself', () => {
    expect(inspectedSdist(sdist({ entries: [link('fixture-1.0.0/hard')] })).of(RULE)).toHaveLength(
      1,
    );
  });

  it.each([
    ['a file that comes later', [link('fixture-1.0.0/dir/file'), file]],
    ['nothing', [link('fixture-1.0.0/nothing')]],
    ['a folder', [file, link('fixture-1.0.0/dir')]],
    ['a file with another mode', [file, link('fixture-1.0.0/dir/file', 0o755)]],
    ['a path outside the folder', [file, link('dir/file')]],
  ])('rejects one to %s', (_what, entries) => {
    const verdict = inspectedSdist(sdist({ entries }));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'fixture-1.0.0/hard' }]);
  });

  it('is silent about one to an earlier file, which is a warning of another rule', () => {
    const { findings, status } = inspectedSdist(
      sdist({ entries: [file, link('fixture-1.0.0/dir/file')] }),
    );
    expect(findings).toMatchObject([{ rule: 'hardlink', level: 'warning' }]);
    expect(status).toBe('accept');
  });
});
