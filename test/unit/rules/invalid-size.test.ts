import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry, header, pax } from '../../support/tar.ts';

const RULE = 'invalid-size';

describe('invalid-size', () => {
  it('rejects a negative binary size', () => {
    const verdict = inspected(
      packageWith(header({ name: 'package/x.js', size: { base256: -512n } })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a size beyond 2^53', () => {
    const verdict = inspected(
      packageWith(header({ name: 'package/x.js', size: { base256: 1n << 63n } })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty size', () => {
    const verdict = inspected(packageWith(header({ name: 'package/x.js', size: null })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects digits after the end of the size', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '0000001 1000' } }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a digit that is not octal', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '00000000019\0' } }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a negative PAX size', () => {
    const verdict = inspected(
      packageWith(pax({ size: '-1' }), entry({ name: 'package/x.js', body: 'x' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a PAX size with a sign or a fraction', () => {
    const verdict = inspected(
      packageWith(pax({ size: '+1' }), entry({ name: 'package/x.js', body: 'x' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about twelve digits without an end', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '000000000001' } }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a size that ends in a space', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '00000000001 ' } }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
