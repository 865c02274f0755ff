import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { sdist } from '../../support/sdist.ts';
import {
  entry,
  gnuLongLink,
  gnuLongName,
  header,
  pax,
  paxBody,
  type Part,
} from '../../support/tar.ts';

describe('extended-header-repeated', () => {
  const RULE = 'extended-header-repeated';

  it('rejects two PAX headers before one entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/one.js' }),
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects two GNU long names before one entry', () => {
    const verdict = inspected(
      packageWith(
        gnuLongName('package/one.js'),
        gnuLongName('package/x.js'),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects two global headers before one entry, on which bun fails', () => {
    const global = pax({ comment: 'x' }, { global: true });
    const verdict = inspected(packageWith(global, global, entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('is silent about global headers before entries of their own', () => {
    const global = pax({ comment: 'x' }, { global: true });
    const verdict = inspected(
      packageWith(
        global,
        pax({ comment: 'y' }),
        entry({ name: 'package/x.js' }),
        global,
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about one each for two entries', () => {
    const verdict = inspected(
      packageWith(
        pax({ comment: 'x' }),
        entry({ name: 'package/x.js' }),
        pax({ comment: 'x' }),
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});

describe('extended-header-orphan', () => {
  const RULE = 'extended-header-orphan';

  it('rejects a PAX header before the end', () => {
    const verdict = inspected(packageWith(pax({ path: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it('rejects a global header between a PAX header and its entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }),
        pax({ comment: 'x' }, { global: true }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 + 1024 }]);
  });

  it('rejects a global header at the end, which Python refuses', () => {
    const verdict = inspected(packageWith(pax({ comment: 'x' }, { global: true })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a global header at the beginning', () => {
    expectSilent(inspected(tgz({ before: [pax({ comment: 'x' }, { global: true })] })), RULE);
  });

  it('is silent about a global header before a PAX header', () => {
    const verdict = inspected(
      packageWith(
        pax({ comment: 'x' }, { global: true }),
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});

describe('extended-header-oversized', () => {
  const RULE = 'extended-header-oversized';

  it('rejects a PAX header of megabytes', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x'.repeat(2 << 20) }), entry({ name: 'package/x.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects one that only claims to be large', () => {
    const verdict = inspected(
      tgz({
        tail: [
          header({ name: 'PaxHeader/x', typeflag: 'x', size: 8 * 1024 ** 3 - 1 }),
          Buffer.alloc(512, 'x'),
        ],
      }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about a PAX header of 60 kB', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x'.repeat(60_000) }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('extended-headers-mixed', () => {
  const RULE = 'extended-headers-mixed';
  const top = 'fixture-1.0.0';
  const file = entry({ name: `${top}/short.py` });
  const link = entry({ name: `${top}/link`, typeflag: '2', linkname: 'backend.py' });
  const long = gnuLongName(`${top}/long.py`);
  const withEntries = (...entries: Part[]): ReturnType<typeof inspectedSdist> =>
    inspectedSdist(sdist({ entries }));

  it('rejects a PAX header and a GNU one, whichever comes first', () => {
    const other = pax({ path: `${top}/short.py` });
    for (const parts of [
      [long, other, file],
      [other, long, file],
    ]) {
      const verdict = withEntries(...parts);
      expectRejected(verdict, RULE, [{ level: 'error', layer: 'tar' }]);
    }
  });

  it('rejects a link target by GNU with a path by PAX', () => {
    const parts = [gnuLongLink('backend.py'), pax({ path: `${top}/link` }), link];
    expect(withEntries(...parts).of(RULE)).toHaveLength(1);
  });

  it('is silent about GNU headers alone, which are a note of another rule', () => {
    const verdict = withEntries(
      long,
      file,
      gnuLongName(`${top}/link`),
      gnuLongLink('backend.py'),
      link,
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about each kind before an entry of its own', () => {
    const other = entry({ name: `${top}/b.py` });
    expect(withEntries(long, file, pax({ path: `${top}/b.py` }), other).of(RULE)).toEqual([]);
  });
});

describe('extended-header-padding', () => {
  const RULE = 'extended-header-padding';

  /** A header of which the size leaves the end of its block out. */
  const cut = (typeflag: string, shown: Uint8Array | string, hidden: Uint8Array | string): Part => {
    const [head, tail] = [Buffer.from(shown), Buffer.from(hidden)];
    const magic = typeflag === 'x' || typeflag === 'g' ? 'ustar' : 'gnu';
    const body = Buffer.concat([head, tail]);
    return entry({ name: 'header', typeflag, magic, body, declaredSize: head.length });
  };
  const file = entry({ name: 'package/x.js' });

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
