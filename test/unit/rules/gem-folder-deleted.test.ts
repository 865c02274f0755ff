import { describe, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-folder-deleted';
const folder = entry({ name: 'lib/', typeflag: '5', mode: 0o755 });

describe('gem-folder-deleted', () => {
  it('rejects a folder behind a file in it', () => {
    const verdict = inspected(gemOf({ entries: [folder] }), { format: 'gem' });
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'lib', offset: 1024 }]);
  });

  it('rejects a folder twice', () => {
    const verdict = inspected(gemOf({ before: [folder, folder] }), { format: 'gem' });
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 1 }]);
  });

  it('is silent about a folder before the files in it', () => {
    expectSilent(inspected(gemOf({ before: [folder] }), { format: 'gem' }), RULE);
  });
});
