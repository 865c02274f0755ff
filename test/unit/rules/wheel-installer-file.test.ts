import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-installer-file';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

const body = '{"url": "https://example.com/other.tar.gz", "archive_info": {}}';

describe('wheel-installer-file', () => {
  it.each([
    'fixture-1.0.0.dist-info/direct_url.json',
    'fixture-1.0.0.dist-info/Direct_URL.json',
    'fixture-1.0.0.dist-info/./direct_url.json',
  ])('rejects %s', (path) => {
    const verdict = of(wheel({ files: { [path]: body } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('rejects it also where RECORD does not list it', () => {
    const name = 'fixture-1.0.0.dist-info/direct_url.json';
    const verdict = of(wheel({ entries: [{ name, body, unlisted: true }] }));
    expect(verdict.of(RULE)).toHaveLength(1);
  });

  it('is silent about other files of installers, and about its name elsewhere', () => {
    const folder = 'fixture-1.0.0.dist-info';
    const paths = [
      'INSTALLER',
      'REQUESTED',
      'licenses/direct_url.json',
      '../fixture/direct_url.json',
    ];
    const files = Object.fromEntries(
      paths.map((path) => [path.startsWith('../') ? path.slice(3) : `${folder}/${path}`, body]),
    );
    expectSilent(of(wheel({ files })), RULE);
  });
});
