import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-charset';

describe('pax-charset', () => {
  it('rejects another character set for paths', () => {
    const verdict = inspected(
      packageWith(
        pax({ hdrcharset: 'BINARY', path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a character set of the content', () => {
    const verdict = inspected(
      packageWith(pax({ charset: 'ISO-IR 8859 1 1998' }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a path in UTF-8', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/\u00e9.js' }), entry({ name: 'package/\u00e9.js' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
