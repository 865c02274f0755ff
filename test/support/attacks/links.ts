/** Links. Targets lead to a folder of the test's own. */
import { entry, gnuLongLink, pax } from '../tar.ts';
import { inTar, type Attack } from './attack.ts';

// package/package.json, package/index.js
// package/link -> TARGET (symlink)
export const symlink: Attack = inTar(
  'symlink',
  'a symlink that leaves the package',
  'symlink',
  ({ target }) => ({
    entries: [entry({ name: 'package/link', typeflag: '2', linkname: target })],
  }),
);

// package/hard = TARGET/secret (hardlink)
export const hardlink: Attack = inTar(
  'hardlink',
  'a hardlink that leaves the package',
  'hardlink',
  ({ target }) => ({
    entries: [entry({ name: 'package/hard', typeflag: '1', linkname: `${target}/secret` })],
  }),
);

export const links: readonly Attack[] = [
  symlink,
  hardlink,

  // package/link -> index.js (symlink)
  inTar('symlink-inside', 'a symlink that stays in the package', 'symlink', () => ({
    entries: [entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })],
  })),

  // package/link -> /nonexistent/tarwarden-sentinel (symlink)
  inTar('symlink-absolute', 'a symlink with an absolute target', 'symlink', () => ({
    entries: [
      entry({ name: 'package/link', typeflag: '2', linkname: '/nonexistent/tarwarden-sentinel' }),
    ],
  })),

  // package/link -> '' (symlink)
  inTar('symlink-empty-target', 'a symlink with an empty target', 'symlink', () => ({
    entries: [entry({ name: 'package/link', typeflag: '2' })],
  })),

  // package/link -> package/link (symlink to itself)
  inTar('symlink-loop', 'a symlink to itself', 'symlink', () => ({
    entries: [entry({ name: 'package/link', typeflag: '2', linkname: 'link' })],
  })),

  // package/a -> .            (stays)
  // package/a/b -> ..         (looks like it stays: one up from package/a)
  // package/a/b/out -> TARGET
  inTar(
    'symlink-chain',
    'symlinks that only leave together',
    ['symlink', 'write-through-link'],
    ({ target }) => ({
      entries: [
        entry({ name: 'package/a', typeflag: '2', linkname: '.' }),
        entry({ name: 'package/a/b', typeflag: '2', linkname: '..' }),
        entry({ name: 'package/a/b/out', typeflag: '2', linkname: target }),
      ],
    }),
  ),

  // package/link -> TARGET, the target in a GNU long link; the header's own is harmless
  inTar(
    'symlink-gnu-long-link',
    'a symlink whose target is in a GNU long link',
    'symlink',
    ({ target }) => ({
      entries: [
        gnuLongLink(target),
        entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', magic: 'gnu' }),
      ],
    }),
  ),

  // x linkpath=TARGET
  // package/link -> index.js (symlink)
  inTar(
    'symlink-pax-linkpath',
    'a symlink whose target is in a PAX header',
    'symlink',
    ({ target }) => ({
      entries: [
        pax({ linkpath: target }),
        entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' }),
      ],
    }),
  ),

  // package -> TARGET (symlink), then package/package.json through it
  inTar('symlink-top-folder', 'the top folder is a symlink', 'symlink', ({ target }) => ({
    before: [entry({ name: 'package', typeflag: '2', linkname: target })],
  })),

  // package/dir -> TARGET (symlink)
  // package/dir/planted
  inTar(
    'write-through-symlink',
    'a file written through a symlink',
    ['symlink', 'write-through-link'],
    ({ target }) => ({
      entries: [
        entry({ name: 'package/dir', typeflag: '2', linkname: target }),
        entry({ name: 'package/dir/planted', body: 'planted\n' }),
      ],
    }),
  ),

  // package/secret -> TARGET/secret (symlink)
  // package/secret           (a file, which some extractors write through the link)
  inTar(
    'write-over-symlink',
    'a file written over a symlink',
    ['symlink', 'write-through-link'],
    ({ target }) => ({
      entries: [
        entry({ name: 'package/secret', typeflag: '2', linkname: `${target}/secret` }),
        entry({ name: 'package/secret', body: 'overwritten\n' }),
      ],
    }),
  ),

  // package/secret = TARGET/secret (hardlink)
  // package/secret            (a file, written into the inode)
  inTar(
    'write-over-hardlink',
    'a file written over a hardlink',
    ['hardlink', 'write-through-link'],
    ({ target }) => ({
      entries: [
        entry({ name: 'package/secret', typeflag: '1', linkname: `${target}/secret` }),
        entry({ name: 'package/secret', body: 'overwritten\n' }),
      ],
    }),
  ),

  // package/Dir -> TARGET (symlink)
  // package/dir/planted       (the same folder where case does not count)
  inTar(
    'write-through-case-folded-symlink',
    'a file through a symlink of another case',
    'symlink',
    ({ target }) => ({
      entries: [
        entry({ name: 'package/Dir', typeflag: '2', linkname: target }),
        entry({ name: 'package/dir/planted', body: 'planted\n' }),
      ],
    }),
  ),

  // package/hard = package/package.json (hardlink)
  inTar('hardlink-inside', 'a hardlink that stays in the package', 'hardlink', () => ({
    entries: [entry({ name: 'package/hard', typeflag: '1', linkname: 'package/package.json' })],
  })),

  // package/hard = package/index.js (hardlink) with a body, which some readers skip and others read as headers
  inTar('hardlink-with-body', 'a hardlink with a body', ['hardlink', 'size-on-non-file'], () => ({
    entries: [
      entry({
        name: 'package/hard',
        typeflag: '1',
        linkname: 'package/index.js',
        body: 'x'.repeat(512),
      }),
    ],
  })),

  // package/link -> index.js (symlink) with a body that is itself an entry
  inTar(
    'symlink-with-body',
    'a symlink with a body that is an entry',
    ['symlink', 'size-on-non-file'],
    () => ({
      entries: [
        entry({
          name: 'package/link',
          typeflag: '2',
          linkname: 'index.js',
          body: entry({ name: 'package/smuggled.js', body: 'smuggled\n' }),
        }),
      ],
    }),
  ),

  // package/package.json -> TARGET/package.json (symlink)
  inTar(
    'manifest-is-a-link',
    'package.json is a symlink',
    ['symlink', 'manifest-link'],
    ({ target }) => ({
      manifest: null,
      entries: [
        entry({ name: 'package/package.json', typeflag: '2', linkname: `${target}/package.json` }),
      ],
    }),
  ),

  // package/node_modules/dep/link -> TARGET (symlink)
  inTar(
    'bundled-symlink',
    'a symlink in a bundled dependency',
    ['symlink', 'bundled-link'],
    ({ target }) => ({
      manifest: { bundleDependencies: ['dep'], dependencies: { dep: '1.0.0' } },
      files: { 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}\n' },
      entries: [entry({ name: 'package/node_modules/dep/link', typeflag: '2', linkname: target })],
    }),
  ),
];
