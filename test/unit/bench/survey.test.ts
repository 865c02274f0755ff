import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { listed, projects } from '../../../bench/survey/list.ts';
import type { Survey } from '../../../bench/survey/look.ts';
import { measure } from '../../../bench/survey/measure.ts';
import { fillPage } from '../../../bench/survey/page.ts';
import { lockedIn } from '../../../bench/survey/resolve.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { gzip } from '../../support/gzip.ts';
import { archive, end, entry, header, pax } from '../../support/tar.ts';

describe('the list', () => {
  it('has each tarball once, by name, version and integrity', () => {
    const all = listed();
    expect(all.length).toBeGreaterThanOrEqual(10_000);
    expect(new Set(all.map(({ name, version }) => `${name}@${version}`)).size).toBe(all.length);
    for (const { name, version, integrity } of all) {
      expect(name).toMatch(/^(@[^/@\s]+\/)?[^/@\s]+$/);
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      expect(integrity).toMatch(/^sha(1|512)-[A-Za-z0-9+/]+={0,2}$/);
    }
  });

  it('comes from projects with names of their own', () => {
    const names = projects().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(80);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('lockfiles', () => {
  let folder: string;
  freshFolder((fresh) => (folder = fresh));

  it('of npm give names by folder and by alias, with the strongest integrity', () => {
    const packages = {
      '': { name: 'project', version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha1-aa= sha512-bb=' },
      'node_modules/a/node_modules/@s/b': { version: '2.0.0', integrity: 'sha1-cc=' },
      'node_modules/alias': { name: 'real', version: '3.0.0', integrity: 'sha512-dd=' },
      'node_modules/linked': { link: true },
      'node_modules/git': { version: '1.0.0', resolved: 'git+ssh://host/x.git#0' },
    };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    expect(lockedIn(folder)).toEqual([
      { name: 'a', version: '1.0.0', integrity: 'sha512-bb=' },
      { name: '@s/b', version: '2.0.0', integrity: 'sha1-cc=' },
      { name: 'real', version: '3.0.0', integrity: 'sha512-dd=' },
    ]);
  });

  it('of pnpm give what comes from a registry', () => {
    writeFileSync(
      join(folder, 'pnpm-lock.yaml'),
      [
        "lockfileVersion: '9.0'",
        'packages:',
        "  '@s/a@1.0.0':",
        '    resolution: {integrity: sha512-aa==}',
        '  b@https://host/b.tgz:',
        '    resolution: {integrity: sha512-bb==, tarball: https://host/b.tgz}',
        '  c@https://codeload.host/c:',
        '    resolution: {tarball: https://codeload.host/c}',
      ].join('\n'),
    );
    expect(lockedIn(folder)).toEqual([
      { name: '@s/a', version: '1.0.0', integrity: 'sha512-aa==' },
    ]);
  });

  it('that are not there give nothing', () => {
    expect(lockedIn(folder)).toEqual([]);
  });
});

describe('an archive', () => {
  const manifest = entry({ name: 'package/package.json', body: '{"name":"a"}' });

  it('is measured by what the limits are about', () => {
    const long = `package/${'d'.repeat(120)}/x`;
    const head = pax([
      ['path', long],
      ['comment', 'é'],
    ]);
    const tar = archive(manifest, head, header({ name: long.slice(0, 100) }), end());
    const found = measure(gzip(tar));
    expect(found).toMatchObject({
      unpackedBytes: tar.length,
      entries: 2,
      depth: 3,
      pathBytes: long.length,
      componentBytes: 120,
      manifestBytes: 12,
      records: 2,
      zeroTail: 0,
      behindGzip: 0,
    });
    expect(found.extendedBytes).toBe(`138 path=${long}\n14 comment=é\n`.length + 1);
  });

  it('has its prefix in its path, and zeros at both ends told apart', () => {
    const tar = archive(
      manifest,
      header({ name: 'x', prefix: 'package/a/b' }),
      end(),
      Buffer.alloc(1024),
    );
    const found = measure(Buffer.concat([gzip(tar), Buffer.alloc(7)]));
    expect(found).toMatchObject({ depth: 4, pathBytes: 20, zeroTail: 1024, behindGzip: 7 });
  });
});

describe('the page', () => {
  const result: Survey = {
    archives: 20_000,
    names: 5000,
    bytes: 2e9,
    rejected: 1,
    strict: 31,
    missing: [],
    rules: {
      'name-collision': {
        rule: 'name-collision',
        level: 'error',
        archives: 1,
        examples: ['a@1.0.0'],
      },
      'bin-target-missing': {
        rule: 'bin-target-missing',
        level: 'note',
        archives: 30,
        examples: ['b@1.0.0', 'c@1.0.0'],
      },
    },
    largest: { depth: { value: 20, id: 'b@1.0.0' } },
  };

  it('has errors first, then what is found most, and the limits', () => {
    const page = fillPage('a\n<!-- survey -->\nold\n<!-- end of the survey -->\nb\n', result);
    expect(page).not.toContain('old');
    const [start, ...rest] = page.split('\n').filter((line) => line !== '');
    expect([start, rest.at(-1)]).toEqual(['a', 'b']);
    expect(rest).toContain(
      '20,000 tarballs of 5,000 names, 2,000 MB; 1 rejected, 31 under the preset [strict@1](presets.md).',
    );
    const rules = rest.filter((line) => line.startsWith('| ['));
    expect(rules).toEqual([
      '| [name-collision](rules/name-collision.md) | error | 1 | < 0.01 % | a@1.0.0 |',
      '| [bin-target-missing](rules/bin-target-missing.md) | note | 30 | 0.15 % | b@1.0.0, c@1.0.0 |',
    ]);
    expect(rest).toContain('| components of a path | 64 | 20 | b@1.0.0 |');
  });

  it('is not made anew without the marks', () => {
    expect(() => fillPage('a', result)).toThrow('marks');
  });
});
