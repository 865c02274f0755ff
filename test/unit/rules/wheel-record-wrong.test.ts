import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record', () => {
  const RULE = 'wheel-record';

  it('rejects a file that is listed twice', () => {
    const verdict = of(wheel({ record: (lines) => [lines[0]!, ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a form feed', 'x\f/nonexistent/victim,,'],
    ['a next line', 'x\u0085/nonexistent/victim,,'],
    ['a line separator', 'x\u2028/nonexistent/victim,,'],
    ['an end of line in quotes', '"..\n/..\n/victim",,'],
    ['a carriage return in quotes', '"..\r/victim",,'],
  ])('rejects what Python reads otherwise: %s', (_what, line) => {
    const verdict = of(wheel({ record: (lines) => [...lines, line] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about quoted paths and lines that end in CR LF', () => {
    const verdict = of(
      wheel({ files: { 'a,b.txt': 'x' }, record: (lines) => lines.map((line) => `${line}\r`) }),
    );
    expectSilent(verdict, RULE);
  });
});

describe('wheel-record-mismatch', () => {
  const RULE = 'wheel-record-mismatch';

  it('rejects another size', () => {
    const verdict = of(
      wheel({ record: (lines) => lines.map((line) => line.replace(/,6$/, ',7')) }),
    );
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  describe.each(['sha256', 'sha384', 'sha512'])('with %s', (algorithm) => {
    const hashOf = (body: string): string =>
      `${algorithm}=${createHash(algorithm).update(body).digest('base64url')}`;
    const module = 'fixture/__init__.py';
    const withLine = (hash: string): Inspected =>
      of(
        wheel({
          files: { 'fixture/other.py': 'y = 2\n' },
          record: (lines) =>
            lines.map((line) => (line.startsWith(module) ? `${module},${hash},6` : line)),
        }),
      );

    it('rejects the hash of other bytes, and shows that of the file', () => {
      const verdict = withLine(hashOf('x = 2\n'));
      expect(verdict.status).toBe('reject');
      expect(verdict.of(RULE)).toHaveLength(1);
      expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error', entry: module });
      expect(verdict.of(RULE)[0]?.message).toContain(hashOf('x = 1\n'));
    });

    it('rejects what is not a hash of it', () => {
      expect(withLine(`${algorithm}=x`).of(RULE)).toHaveLength(1);
    });

    it('is silent about the right one', () => {
      expectSilent(withLine(hashOf('x = 1\n')), RULE);
    });
  });

  it.each(['md5=1B2M2Y8AsgTpgAmy7PhCfg', 'sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk'])(
    'rejects %s, which is too weak',
    (hash) => {
      const verdict = of(
        wheel({
          record: (lines) => lines.map((line) => line.replace(/sha256=.*,6$/, `${hash},6`)),
        }),
      );
      expect(verdict.of(RULE)[0]?.message).toContain(hash);
      expect(verdict.status).toBe('reject');
    },
  );
});
