/** Links. Targets lead to a folder of the test's own. */
import { entry, gnuLongLink, pax, linkTo, hardLinkTo } from '../tar.ts';
import { inTar, type Attack, added, addedFor } from './attack.ts';

// package/package.json, package/index.js
// package/link -> TARGET (symlink)
export const symlink: Attack = addedFor(
  'symlink: a symlink that leaves the package',
  'symlink',
  (target) => [linkTo('package/link', target)],
);

// package/hard = TARGET/secret (hardlink)
export const hardlink: Attack = addedFor(
  'hardlink: a hardlink that leaves the package',
  'hardlink',
  (target) => [hardLinkTo('package/hard', `${target}/secret`)],
);

export const links: readonly Attack[] = [
  symlink,
  hardlink,

  // package/link -> index.js (symlink)
  added(
    'symlink-inside: a symlink that stays in the package',
    'symlink',
    linkTo('package/link', 'index.js'),
  ),

  // package/link -> /nonexistent/tarwarden-sentinel (symlink)
  added(
    'symlink-absolute: a symlink with an absolute target',
    'symlink',
    linkTo('package/link', '/nonexistent/tarwarden-sentinel'),
  ),

  // package/link -> '' (symlink)
  added(
    'symlink-empty-target: a symlink with an empty target',
    'symlink',
    entry({ name: 'package/link', typeflag: '2' }),
  ),

  // package/link -> package/link (symlink to itself)
  added('symlink-loop: a symlink to itself', 'symlink', linkTo('package/link', 'link')),

  // package/a -> .            (stays)
  // package/a/b -> ..         (looks like it stays: one up from package/a)
  // package/a/b/out -> TARGET
  addedFor(
    'symlink-chain: symlinks that only leave together',
    ['symlink', 'write-through-link'],
    (target) => [
      linkTo('package/a', '.'),
      linkTo('package/a/b', '..'),
      linkTo('package/a/b/out', target),
    ],
  ),

  // package/link -> TARGET, the target in a GNU long link; the header's own is harmless
  addedFor(
    'symlink-gnu-long-link: a symlink whose target is in a GNU long link',
    'symlink',
    (target) => [
      gnuLongLink(target),
      entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', magic: 'gnu' }),
    ],
  ),

  // x linkpath=TARGET
  // package/link -> index.js (symlink)
  addedFor(
    'symlink-pax-linkpath: a symlink whose target is in a PAX header',
    'symlink',
    (target) => [pax({ linkpath: target }), linkTo('package/link', 'index.js')],
  ),

  // package -> TARGET (symlink), then package/package.json through it
  inTar('symlink-top-folder: the top folder is a symlink', 'symlink', ({ target }) => ({
    before: [linkTo('package', target)],
  })),

  // package/dir -> TARGET (symlink)
  // package/dir/planted
  addedFor(
    'write-through-symlink: a file written through a symlink',
    ['symlink', 'write-through-link'],
    (target) => [
      linkTo('package/dir', target),
      entry({ name: 'package/dir/planted', body: 'planted\n' }),
    ],
  ),

  // package/secret -> TARGET/secret (symlink)
  // package/secret           (a file, which some extractors write through the link)
  addedFor(
    'write-over-symlink: a file written over a symlink',
    ['symlink', 'write-through-link'],
    (target) => [
      linkTo('package/secret', `${target}/secret`),
      entry({ name: 'package/secret', body: 'overwritten\n' }),
    ],
  ),

  // package/secret = TARGET/secret (hardlink)
  // package/secret            (a file, written into the inode)
  addedFor(
    'write-over-hardlink: a file written over a hardlink',
    ['hardlink', 'write-through-link'],
    (target) => [
      hardLinkTo('package/secret', `${target}/secret`),
      entry({ name: 'package/secret', body: 'overwritten\n' }),
    ],
  ),

  // package/Dir -> TARGET (symlink)
  // package/dir/planted       (the same folder where case does not count)
  addedFor(
    'write-through-case-folded-symlink: a file through a symlink of another case',
    'symlink',
    (target) => [
      linkTo('package/Dir', target),
      entry({ name: 'package/dir/planted', body: 'planted\n' }),
    ],
  ),

  // package/hard = package/package.json (hardlink)
  added(
    'hardlink-inside: a hardlink that stays in the package',
    'hardlink',
    hardLinkTo('package/hard', 'package/package.json'),
  ),

  // package/hard = package/index.js (hardlink) with a body, which some readers skip and others read as headers
  added(
    'hardlink-with-body: a hardlink with a body',
    ['hardlink', 'size-on-non-file'],
    entry({
      name: 'package/hard',
      typeflag: '1',
      linkname: 'package/index.js',
      body: 'x'.repeat(512),
    }),
  ),

  // package/link -> index.js (symlink) with a body that is itself an entry
  added(
    'symlink-with-body: a symlink with a body that is an entry',
    ['symlink', 'size-on-non-file'],
    entry({
      name: 'package/link',
      typeflag: '2',
      linkname: 'index.js',
      body: entry({ name: 'package/smuggled.js', body: 'smuggled\n' }),
    }),
  ),

  // package/package.json -> TARGET/package.json (symlink)
  inTar(
    'manifest-is-a-link: package.json is a symlink',
    ['symlink', 'manifest-link'],
    ({ target }) => ({
      manifest: null,
      entries: [linkTo('package/package.json', `${target}/package.json`)],
    }),
  ),

  // package/node_modules/dep/link -> TARGET (symlink)
  inTar(
    'bundled-symlink: a symlink in a bundled dependency',
    ['symlink', 'bundled-link'],
    ({ target }) => ({
      manifest: { bundleDependencies: ['dep'], dependencies: { dep: '1.0.0' } },
      files: { 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}\n' },
      entries: [linkTo('package/node_modules/dep/link', target)],
    }),
  ),
];
