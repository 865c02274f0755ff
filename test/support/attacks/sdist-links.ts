/** Links in sdists. */
import { gzip } from '../gzip.ts';
import { archive, entry, header, pax, type Part, linkTo } from '../tar.ts';
import type { Add, Maker } from './sdist-maker.ts';

/** An extended header of GNU's whose size leaves the end of its content out. */
function hidden(typeflag: 'L' | 'K', shown: string, more: string): Part {
  const declaredSize = Buffer.byteLength(shown);
  return entry({
    name: '././@LongLink',
    typeflag,
    magic: 'gnu',
    body: shown + more,
    declaredSize,
  });
}

export function links(make: Maker, add: Add): void {
  const { target, top } = make;
  // link -> TARGET (symlink), link/planted
  add(
    'write-through: a link to a folder, then a file through it',
    ['write-through-link', 'escaping-link'],
    make.with(make.link('link', target), make.file('link/planted')),
  );
  add(
    'symlink-leaving: a symlink that leaves',
    'escaping-link',
    make.with(make.link('link', target)),
  );
  add(
    'symlink-absolute: a symlink with an absolute target',
    'escaping-link',
    make.with(make.link('link', '/nonexistent/tarwarden-sentinel')),
  );
  add(
    'symlink-out-and-back: a symlink that leaves and comes back',
    'escaping-link',
    make.with(make.link('link', `../${top}/backend.py`)),
  );
  // L TOP/q and K d, each with more behind its size: Python makes a link TOP/qq that leaves, and then a file through it
  add(
    'symlink-in-padding: the ends of a link and its target in the padding of their headers',
    'extended-header-padding',
    make.with(
      make.file('d/file'),
      hidden('L', `${top}/q`, 'q'),
      hidden('K', 'd', `/../${target}`),
      make.link('q', 'd'),
      make.file('qq/planted'),
    ),
  );
  // a -> . , a/b -> .. through a
  add(
    'symlink-pair: two symlinks that only leave together',
    'escaping-link',
    make.with(make.link('a/b/up', '..'), make.link('out', 'a/b/up/../../..')),
  );
  add(
    'hardlink-leaving: a hard link that leaves',
    ['escaping-link', 'hardlink-target'],
    make.with(make.hardlink('hard', `${target}/secret`)),
  );
  add(
    'hardlink-later: a hard link to a file that comes later',
    'hardlink-target',
    make.with(make.hardlink('hard', `${top}/later`), make.file('later')),
  );
  add(
    'hardlink-mode: a hard link that makes its file executable',
    'hardlink-target',
    make.with(make.file('a.py'), make.hardlink('b.py', `${top}/a.py`, 0o755)),
  );
  add(
    'hardlink-to-symlink: a hard link to a symlink',
    'hardlink-target',
    make.with(make.link('a', 'backend.py'), make.hardlink('b', `${top}/a`)),
  );
  // CVE-2025-4517: 16 folders of 247 bytes, each with a short link to it; through these the path is longer than PATH_MAX
  add(
    "filter-bypass: links that were too long for Python's filter (CVE-2025-4517)",
    'write-through-link',
    make.with(...filterBypass(make)),
  );
  // fixture-1.0.0 -> TARGET (symlink), fixture-1.0.0/planted
  add(
    'top-folder-link: a link as first folder',
    ['write-through-link', 'escaping-link', 'no-top-folder'],
    gzip(archive(linkTo(top, target), make.tar())),
  );
}

function filterBypass(make: Maker): Part[] {
  const long = 'd'.repeat(247);
  const parts: Part[] = [];
  let path = '';
  for (const letter of 'abcdefghijklmnop') {
    parts.push(
      archive(
        pax({ path: `${make.top}/${path}${long}` }),
        header({ name: `${make.top}/${path}${long}`.slice(0, 100), typeflag: '5', mode: 0o755 }),
      ),
      archive(pax({ linkpath: long }), make.link(`${path}${letter}`, long.slice(0, 99))),
    );
    path += `${letter}/`;
  }
  const down = `${path}${'l'.repeat(50)}`;
  return [
    ...parts,
    make.link(down, '../'.repeat(16)),
    make.link('escape', `${down}/../../sentinel`),
    make.file('escape/planted'),
  ];
}
