import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-folder-writable';

function withFolder(name: string, mode: number): ReturnType<typeof inspected> {
  const folder = entry({ name, typeflag: '5', mode });
  return inspected(gemOf({ before: [folder] }), { format: 'gem' });
}

describe('gem-folder-writable', () => {
  it.each([0o777, 0o757, 0o775, 0o720, 0o40777])('rejects a folder with mode %o', (mode) => {
    expectRejected(withFolder('lib/', mode), RULE, [{ level: 'error', entry: 'lib' }]);
  });

  it('rejects a folder once, with those that are made above it', () => {
    const verdict = withFolder('a/b/c/', 0o777);
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'a/b/c' }]);
  });

  it('is silent about a folder that only its owner may write', () => {
    expectSilent(withFolder('lib/', 0o755), RULE);
  });

  it('is silent about files, whose rights the umask limits', () => {
    const file = entry({ name: 'lib/open.rb', mode: 0o777 });
    expectSilent(inspected(gemOf({ entries: [file] }), { format: 'gem' }), RULE);
  });
});
