import { describe, expect, test } from 'vitest';
import {
  compareViews,
  type Comparison,
  type Unpacked,
  type NpmViewer,
  type View,
} from '../../../packages/explain/src/readers/view.ts';
import { viewsOf, viewOf } from '../../../packages/explain/src/readers/views-of.ts';
import { attack, attacks, cleanOddities } from '../../support/attacks.ts';
import { gzip } from '../../support/gzip.ts';
import { archive, end, entry, header } from '../../support/tar.ts';

const ordinary = new Set(['package.json', 'index.js']);

/** The view in short: what it says of everything but the two ordinary files. */
function short(viewer: NpmViewer, id: string): string {
  const { outcome, files } = viewOf(viewer, attack(id).build());
  if (outcome !== 'installs') return outcome;
  const odd = files.filter(({ path }) => !ordinary.has(path));
  return odd.map(word).join(', ');
}

function npmViews(bytes: Buffer): readonly View[] {
  return viewsOf('npm', { bytes, fileName: 'fixture-1.0.0.tgz' }) ?? [];
}

function compared(bytes: Buffer): Comparison {
  return compareViews(npmViews(bytes));
}

function word(file: Unpacked): string {
  if (file.kind === 'command') return `${file.path} command`;
  if (file.kind === 'link') return `${file.path} -> ${file.target}`;
  return `${file.path} ${file.mode.toString(8)} ${file.size}`;
}

/** Facts measured with the real managers. */
const measured: readonly [id: string, Partial<Record<NpmViewer, string>>][] = [
  [
    'symlink',
    {
      npm: '',
      'pnpm-10': '',
      'pnpm-12': '',
      bun: '',
      'yarn-4': 'link -> ../../../sentinel',
      'yarn-1': 'link -> sentinel',
    },
  ],
  [
    'hardlink',
    { npm: '', 'pnpm-10': 'hard 644 0', 'pnpm-12': '', bun: '', 'yarn-4': '', 'yarn-1': 'error' },
  ],
  [
    'path-traversal-first',
    {
      npm: 'planted 644 8',
      bun: 'planted 644 8',
      'pnpm-10': 'planted 644 8',
      'pnpm-12': 'error',
      'yarn-4': '',
      'yarn-1': 'planted 644 8',
    },
  ],
  [
    'absolute-path',
    {
      npm: 'nonexistent/tarwarden-planted 644 8',
      bun: 'nonexistent/tarwarden-planted 644 8',
      'pnpm-10': 'nonexistent/tarwarden-planted 644 8',
      'pnpm-12': 'error',
      'yarn-4': '',
    },
  ],
  [
    'pax-size-desync',
    {
      npm: 'data.bin 644 0, smuggled.js 644 9',
      'pnpm-12': 'data.bin 644 1024, smuggled.js 644 9',
      'yarn-4': 'data.bin 644 1024',
    },
  ],
  [
    'gzip-second-member',
    { npm: '', bun: '', 'pnpm-12': '', 'yarn-4': '', 'yarn-1': 'smuggled.js 644 27' },
  ],
  [
    'entries-after-end',
    {
      npm: '',
      bun: '',
      'pnpm-10': '',
      'pnpm-12': 'error',
      'yarn-4': '',
      'yarn-1': 'smuggled.js 644 9',
    },
  ],
  [
    'gzip-trailing-bytes',
    { npm: 'error', bun: '', 'pnpm-12': '', 'yarn-4': 'error', 'yarn-1': 'error' },
  ],
  [
    'gzip-checksum',
    {
      npm: 'error',
      bun: 'error',
      'pnpm-10': 'error',
      'pnpm-12': '',
      'yarn-4': 'error',
      'yarn-1': 'error',
    },
  ],
  [
    'tar-checksum',
    { npm: '', bun: '', 'pnpm-10': 'error', 'pnpm-12': 'error', 'yarn-4': '', 'yarn-1': 'error' },
  ],
  [
    'nul-in-path',
    {
      npm: 'safe.js 644 8',
      bun: '',
      'pnpm-12': 'error',
      'yarn-4': 'safe.js 644 8',
      'yarn-1': 'error',
    },
  ],
  [
    'contiguous-file',
    { npm: 'contiguous.js 644 11', bun: 'contiguous.js 644 11', 'pnpm-12': '', 'yarn-1': 'error' },
  ],
  [
    'special-mode-bits-4755',
    {
      npm: 'run.sh 4755 10',
      'yarn-1': 'run.sh 4755 10',
      bun: 'run.sh 755 10',
      'pnpm-12': 'run.sh 755 10',
      'yarn-4': 'run.sh 755 10',
    },
  ],
  [
    'execute-without-owner',
    {
      npm: 'run.sh 654 10',
      'yarn-1': 'run.sh 654 10',
      bun: 'run.sh 654 10',
      'pnpm-10': 'run.sh 755 10',
      'pnpm-11': 'run.sh 755 10',
      'pnpm-12': 'run.sh 755 10',
      'yarn-4': 'run.sh 755 10',
    },
  ],
  ['first-byte-nul', { npm: 'smuggled.js 644 9', 'pnpm-10': '', 'pnpm-12': 'error' }],
  [
    'fifo',
    { npm: '', bun: '', 'pnpm-10': 'error', 'pnpm-12': '', 'yarn-4': '', 'yarn-1': 'error' },
  ],
  ['long-zero-tail', { npm: '', 'pnpm-10': '', 'pnpm-12': 'error', 'yarn-4': '', 'yarn-1': '' }],
  [
    'repeated-directory',
    { npm: 'lib/a.js 644 19', 'pnpm-12': 'lib/a.js 644 19', 'yarn-4': 'error' },
  ],
  ['backslash-in-name', { npm: 'a\\b.js 644 8', 'pnpm-12': 'a/b.js 644 8' }],
];

/** They have files in node_modules. */
const bundling = new Set(['pax-path', 'bundled-node-modules']);

describe('what a manager would unpack', () => {
  test.each(measured)('%s', (id, expected) => {
    const seen = Object.fromEntries(
      Object.keys(expected).map((viewer) => [viewer, short(viewer as NpmViewer, id)]),
    );
    expect(seen).toEqual(expected);
  });

  const apart = new Set([...bundling, 'empty-files', 'others-may-run']);
  test.each(cleanOddities.filter(({ id }) => !apart.has(id)))(
    'is the same for every manager: $id',
    (one) => {
      const { agree, differences, views } = compared(one.build());
      expect({ agree, differences, notes: views.map(({ note }) => note).join('') }).toEqual({
        agree: true,
        differences: [],
        notes: '',
      });
    },
  );

  test('differs in nothing but who may run it, for a file that nothing runs', () => {
    const one = cleanOddities.find(({ id }) => id === 'others-may-run');
    const { agree, differences } = compared(one?.build() ?? Buffer.alloc(0));
    expect(agree).toBe(false);
    expect(differences.map(({ path }) => path)).toEqual(['data.txt']);
  });

  test.each([...bundling])('differs for what is bundled alone, which Yarn leaves out: %s', (id) => {
    const one = cleanOddities.find((other) => other.id === id);
    const { differences } = compared(one?.build() ?? Buffer.alloc(0));
    expect(differences.length).toBeGreaterThan(0);
    for (const { path, seen } of differences) {
      expect(path).toMatch(/^node_modules\//);
      const without = seen.filter(({ file }) => file === null).map(({ viewer }) => viewer);
      expect(without).toEqual(['yarn-4']);
    }
  });

  test('goes by package.json where a manager does', () => {
    const noteOf = (id: string, viewer: NpmViewer): string =>
      viewOf(viewer, attack(id).build()).note;
    for (const viewer of ['pnpm-10', 'pnpm-11', 'yarn-4', 'yarn-1'] as const)
      expect(noteOf('manifest-invalid', viewer)).toBe('its package.json is not JSON');
    for (const viewer of ['npm', 'pnpm-12', 'bun'] as const)
      expect(noteOf('manifest-invalid', viewer)).toBe('');
    expect(noteOf('manifest-empty', 'yarn-1')).toBe('its package.json is not JSON');
    expect(noteOf('manifest-empty', 'yarn-4')).toBe('');
    expect(noteOf('bin-name-escapes', 'yarn-4')).toBe('the name of a command is a path');
  });

  test('differs for .gitignore alone, which npm takes for .npmignore', () => {
    const bytes = gzip(
      archive(
        entry({ name: 'package/package.json', body: '{}' }),
        entry({ name: 'package/.gitignore', body: 'x' }),
        end(),
      ),
    );
    const { differences } = compared(bytes);
    expect(differences.map(({ path }) => path)).toEqual(['.gitignore', '.npmignore']);
  });

  test.each(attacks.filter(({ id }) => !/^(?:compression|unpacked|entry-count)/.test(id)))(
    'is always an outcome: $id',
    (one) => {
      const bytes = one.build();
      const outcomes = npmViews(bytes).map(({ outcome }) => outcome);
      expect(outcomes).toHaveLength(7);
      const isOdd = /^(?:invalid-size|pax-size-negative)/.test(one.id);
      expect(outcomes.every((outcome) => isOdd || outcome !== 'unknown')).toBe(true);
    },
  );

  test.each(['pax-size-negative', 'invalid-size-negative', 'invalid-size-overflow'])(
    'is not modelled for a size that no number is: %s',
    (id) => {
      expect(viewOf('npm', attack(id).build())).toMatchObject({ outcome: 'unknown', files: [] });
    },
  );

  test('is not modelled beyond the limit', () => {
    expect(viewOf('npm', attack('compression-ratio-limit').build())).toMatchObject({
      outcome: 'unknown',
      files: [],
    });
  });

  test.each(['a/', 'x/../', 'a\\'])('is not modelled with paths of many folders: %j', (folder) => {
    const path = `package/${folder.repeat(100_000 / folder.length)}f`;
    const long = gzip(
      archive(entry({ typeflag: 'L', body: `${path}\0` }), entry({ name: 'package/f' }), end()),
    );
    for (const view of npmViews(long))
      expect(view).toEqual({
        viewer: view.viewer,
        outcome: 'unknown',
        files: [],
        lost: [],
        note: 'its paths are longer than what is modelled',
      });
  });

  test('is modelled with more folders than real packages have', () => {
    const deep = Array.from({ length: 50 }, (_, at) =>
      entry({ name: `package/${'a/'.repeat(40)}${at}` }),
    );
    for (const { outcome } of npmViews(gzip(archive(deep, end()))))
      expect(outcome).toBe('installs');
  });

  test('stops at a number of headers', () => {
    const crowd = gzip(archive(Array.from({ length: 100_001 }, () => header())), { level: 1 });
    expect(viewOf('npm', crowd)).toMatchObject({ outcome: 'error' });
  });
});
