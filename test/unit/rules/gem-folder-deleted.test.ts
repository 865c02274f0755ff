import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-folder-deleted';
const folder = entry({ name: 'lib/', typeflag: '5', mode: 0o755 });

describe('gem-folder-deleted', () => {
  it('rejects a folder behind a file in it', () => {
    const verdict = inspected(gemOf({ entries: [folder] }), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'lib', offset: 1024 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder twice', () => {
    const verdict = inspected(gemOf({ before: [folder, folder] }), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 1 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a folder before the files in it', () => {
    const verdict = inspected(gemOf({ before: [folder] }), { format: 'gem' });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
