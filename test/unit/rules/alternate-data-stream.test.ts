import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'alternate-data-stream';

describe('alternate-data-stream', () => {
  it('rejects a stream of a file', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js:evil' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/index.js:evil', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder by its index stream', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/dir::$INDEX_ALLOCATION/x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about names with other marks', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a;b=c.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
