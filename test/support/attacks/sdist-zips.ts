/** Sdists that are zips. */
import { sdistZip } from '../sdist.ts';
import { UNIX, zipSymlink } from '../zip.ts';
import type { Add, Maker } from './sdist-maker.ts';

export function zips(make: Maker, add: Add): void {
  const { name, version, files, top, target } = make;
  const fileName = `${top}.zip`;
  const of = (odd: Parameters<typeof sdistZip>[0]): Buffer =>
    sdistZip({ name, version, ...odd, files: { ...files, ...odd?.files } });
  const entry = (path: string, body = 'x'): Buffer => of({ entries: [{ name: path, body }] });
  const added = (words: string, rules: string | string[], bytes: Buffer): void =>
    add(words, rules, bytes, fileName);

  added(
    'zip-link: a link in a zip',
    'link-in-zip',
    of({ entries: [zipSymlink(`${top}/link`, 'backend.py')] }),
  );
  added(
    'zip-link-leaving: a link in a zip that leaves',
    ['link-in-zip', 'escaping-link'],
    of({ entries: [zipSymlink(`${top}/link`, target)] }),
  );
  added(
    'zip-fifo: a named pipe in a zip',
    'fifo',
    of({ entries: [{ name: `${top}/pipe`, mode: UNIX.fifo | 0o644 }] }),
  );
  added(
    'zip-traversal: a path in a zip that climbs out',
    'path-traversal',
    entry(`${top}/${target}/planted`),
  );
  added(
    'zip-absolute: an absolute path in a zip',
    ['absolute-path', 'multiple-top-folders'],
    entry('/nonexistent/tarwarden-planted'),
  );
  added(
    'zip-twice: one path twice in a zip',
    'duplicate-path',
    entry(`${top}/backend.py`, 'print("second")'),
  );
  added(
    'zip-second-folder: a second first folder in a zip',
    'multiple-top-folders',
    entry(`${top}x/setup.py`),
  );
  added(
    'zip-two-names: two names for one entry',
    'zip-header-mismatch',
    of({ entries: [{ name: `${top}/safe.py`, body: 'x', local: { name: `${top}/evil.py` } }] }),
  );
  added(
    'zip-behind-gzip: a zip behind bytes',
    'zip-gap',
    sdistZip({ name, version, files }, { prefix: Buffer.from('PK\x03\x04#') }),
  );
  added(
    'zip-other-name: a zip of another project',
    ['pkg-info-name-mismatch', 'sdist-file-name-mismatch'],
    of({ pkgInfo: `Name: ${name}x\nVersion: ${version}\n` }),
  );
}
