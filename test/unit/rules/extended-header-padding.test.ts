import { describe, expect, it } from 'vitest';
import { expectRejected, inspected, packageWith } from '../../support/inspected.ts';
import { entry, gnuLongLink, gnuLongName, pax, paxBody, type Part } from '../../support/tar.ts';

const RULE = 'extended-header-padding';

/** A header of which the size leaves the end of its block out. */
const cut = (typeflag: string, shown: Uint8Array | string, hidden: Uint8Array | string): Part => {
  const [head, tail] = [Buffer.from(shown), Buffer.from(hidden)];
  const magic = typeflag === 'x' || typeflag === 'g' ? 'ustar' : 'gnu';
  const body = Buffer.concat([head, tail]);
  return entry({ name: 'header', typeflag, magic, body, declaredSize: head.length });
};
const file = entry({ name: 'package/x.js' });

describe('extended-header-padding', () => {
  it.each<[string, Part]>([
    ['a PAX path', cut('x', paxBody({ comment: 'x' }), paxBody({ path: 'package/other.js' }))],
    ['a global record', cut('g', paxBody({ comment: 'x' }), paxBody({ path: 'package/y.js' }))],
    ['the end of a GNU name', cut('L', 'package/x.j', 's')],
    ['the end of a GNU link target', cut('K', 'x', '/../../outside')],
    ['one byte, the last of the block', cut('x', paxBody({ comment: 'x' }), ' '.repeat(499))],
  ])('rejects %s in the padding', (_, header) => {
    const verdict = inspected(packageWith(header, file));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it('rejects it however the bytes arrive', () => {
    const bytes = packageWith(cut('x', paxBody({ comment: 'x' }), `${'\0'.repeat(498)}y`), file);
    for (const pieceBytes of [1, 7, 511, 512, 513])
      expect(inspected(bytes, { pieceBytes }).of(RULE)).toHaveLength(1);
  });

  it('is silent about zeros, and about anything behind the content of a file', () => {
    const verdict = inspected(
      packageWith(
        pax({ comment: 'x' }),
        entry({ name: 'package/x.js', body: `text${'y'.repeat(508)}`, declaredSize: 4 }),
      ),
    );
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about the NULs at the end of GNU names', () => {
    const verdict = inspected(packageWith(gnuLongName('package/x.js'), gnuLongLink('x'), file));
    expect(verdict.of(RULE)).toEqual([]);
  });
});
