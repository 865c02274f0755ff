import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'link-target-on-file';

describe('link-target-on-file', () => {
  it('rejects a file with a link target', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', linkname: 'index.js', body: 'x' })),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects package.json with a link target, which npm would not find', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [
          entry({
            name: 'package/package.json',
            linkname: 'x',
            body: '{"name":"fixture","version":"1.0.0"}',
          }),
        ],
      }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/package.json' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder with one', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', linkname: 'x' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/lib' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an extended header with one, which Yarn 4.18 passes over', () => {
    const path = `package/${'x'.repeat(100)}/index.js`;
    const named = { name: path.slice(0, 100), body: 'x' };
    const verdict = inspected(packageWith(pax({ path }, { linkname: 'index.js' }), entry(named)));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
    const without = inspected(packageWith(pax({ path }), entry(named)));
    expect(without.of(RULE)).toEqual([]);
    expect(without.status).toBe('accept');
  });

  it('is silent about a file without', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about owner names, which stand nearby', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uname: 'builder', gname: 'staff' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
