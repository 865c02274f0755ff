import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent } from '../../support/inspected.ts';
import { gemBeside, metadataOf, wheelBeside } from '../../support/index-word.ts';

const RULE = 'index-other-dependency';

describe('index-other-dependency', () => {
  it('rejects a wheel for which the metadata file has another requirement or condition', () => {
    const own = metadataOf('Requires-Dist: helper>=2', 'Requires-Dist: both');
    const other = metadataOf('Requires-Dist: helper', 'Requires-Dist: both; python_version < "3"');
    expectRejected(wheelBeside(own, other), RULE, [
      { level: 'error', message: expect.stringContaining('"both; python_version<\\"3\\""') },
      { level: 'error', message: expect.stringContaining('and the archive needs "helper>=2"') },
    ]);
  });

  it('warns about a gem for which the index has another requirement', () => {
    const verdict = gemBeside([['thor', ['>=', '0.19.4'], ['<', '0.21.0']]], 'thor:< 0.21.0|');
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning' }]);
    expect(verdict.status).toBe('accept');
  });

  it('warns about a looser `~>`, which is not the same with zeros', () => {
    expect(gemBeside([['a', ['~>', '2.0.0']]], 'a:~> 2.0|').of(RULE)).toHaveLength(1);
  });

  it('is silent about parentheses around one comparison in a marker', () => {
    const own = metadataOf(
      `Requires-Dist: a; (os_name == 'nt') and (extra == "x" or extra == "y")`,
    );
    const other = metadataOf('Requires-Dist: a ; os_name=="nt" and (extra=="x" or extra=="y")');
    expectSilent(wheelBeside(own, other), RULE);
  });

  it('is silent about the same requirement with zeros, and in several lines', () => {
    expectSilent(gemBeside([['a', ['>=', '1.0.0']]], 'a:>= 1|'), RULE);
    const lines = ['Requires-Dist: a; os_name=="nt"', 'Requires-Dist: a>1; os_name=="posix"'];
    expectSilent(wheelBeside(metadataOf(...lines), metadataOf(...lines.reverse(), 'A: b')), RULE);
  });
});
