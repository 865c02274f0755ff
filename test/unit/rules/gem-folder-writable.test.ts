import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-folder-writable';

function withFolder(name: string, mode: number): ReturnType<typeof inspected> {
  const folder = entry({ name, typeflag: '5', mode });
  return inspected(gemOf({ before: [folder] }), { format: 'gem' });
}

describe('gem-folder-writable', () => {
  it.each([0o777, 0o757, 0o775, 0o720, 0o40777])('rejects a folder with mode %o', (mode) => {
    const verdict = withFolder('lib/', mode);
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'lib' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder once, with those that are made above it', () => {
    const verdict = withFolder('a/b/c/', 0o777);
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'a/b/c' }]);
  });

  it('is silent about a folder that only its owner may write', () => {
    const verdict = withFolder('lib/', 0o755);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about files, whose rights the umask limits', () => {
    const file = entry({ name: 'lib/open.rb', mode: 0o777 });
    const verdict = inspected(gemOf({ entries: [file] }), { format: 'gem' });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
