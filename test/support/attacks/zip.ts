/**
 * Cache archives of Yarn that were tampered with: links and paths, and central directories that say other things than
 * the headers before the data. The rules of the second kind begin with `zip-`.
 */
import { yarnZip, type YarnZipOptions } from '../yarn-zip.ts';
import { UNIX, zipSymlink, type ZipEntry, type ZipOptions } from '../zip.ts';
import { raw, type Attack, type Target } from './attack.ts';

/** The rest of the arguments: what is added, given the top folder and the target of links. */
type Make = (
  top: string,
  to: Target,
) => { package?: YarnZipOptions; zip?: ZipOptions; entries?: readonly ZipEntry[] };

function inZip(words: string, rule: string, make: Make): Attack {
  return raw(words, rule, (to) => {
    const odd = make(`node_modules/${to.name}`, to);
    return yarnZip(
      { name: to.name, version: to.version, ...odd.package, entries: odd.entries ?? [] },
      odd.zip,
    );
  });
}

function added(
  words: string,
  rule: string,
  ...make: ((top: string, to: Target) => ZipEntry)[]
): Attack {
  return inZip(words, rule, (top, to) => ({ entries: make.map((one) => one(top, to)) }));
}

export const zipAttacks: readonly Attack[] = [
  // node_modules/<name>/link -> TARGET
  added('zip-symlink: a symlink in a zip', 'symlink', (top, to) =>
    zipSymlink(`${top}/link`, to.target),
  ),
  // node_modules/<name>/pipe (fifo)
  added('zip-fifo: a named pipe in a zip', 'fifo', (top) => ({
    name: `${top}/pipe`,
    mode: UNIX.fifo | 0o644,
  })),
  // node_modules/<name>/tty (character device)
  added('zip-device: a device in a zip', 'character-device', (top) => ({
    name: `${top}/tty`,
    mode: UNIX.characterDevice | 0o644,
  })),
  // node_modules/<name>/TARGET/planted
  added('zip-traversal: a path in a zip that climbs out', 'path-traversal', (top, to) => ({
    name: `${top}/${to.target}/planted`,
    body: 'x',
  })),
  // /nonexistent/tarwarden-planted
  added('zip-absolute: an absolute path in a zip', 'absolute-path', () => ({
    name: '/nonexistent/tarwarden-planted',
    body: 'x',
  })),
  // node_modules\<name>\..\planted
  added('zip-backslash: backslashes in a zip', 'backslash-path', (top) => ({
    name: `${top}\\..\\planted`,
    body: 'x',
  })),
  // node_modules/<name>/index.js, again with other bytes
  added('zip-duplicate: the same path twice in a zip', 'duplicate-path', (top) => ({
    name: `${top}/index.js`,
    body: 'evil',
  })),
  // node_modules/<name>/INDEX.js
  added('zip-case-collision: two files of a zip that differ in case', 'case-collision', (top) => ({
    name: `${top}/INDEX.js`,
    body: 'x',
  })),
  // node_modules/<name>/run with mode 6755
  added('zip-special-mode: setuid in a zip', 'special-mode-bits', (top) => ({
    name: `${top}/run`,
    mode: UNIX.file | 0o6755,
    body: 'x',
  })),

  // central: safe.js; before the data: evil.js
  added('zip-name-mismatch: two names for one entry', 'zip-header-mismatch', (top) => ({
    name: `${top}/safe.js`,
    body: 'x',
    local: { name: `${top}/evil.js` },
  })),
  // central: deflated; before the data: stored
  added('zip-method-mismatch: two methods for one entry', 'zip-header-mismatch', (top) => ({
    name: `${top}/a.js`,
    body: 'xxxxxxxx',
    local: { method: 0 },
  })),
  // central: 8 bytes; before the data: 4
  added('zip-size-mismatch: two sizes for one entry', 'zip-header-mismatch', (top) => ({
    name: `${top}/a.js`,
    body: 'xxxxxxxx',
    method: 0,
    local: { size: 4, compressedSize: 4 },
  })),
  // a wrong CRC in both
  added('zip-crc: a wrong CRC', 'zip-checksum', (top) => ({
    name: `${top}/a.js`,
    body: 'x',
    crc: 1,
  })),
  // in the data and not in the central directory
  added('zip-hidden-entry: an entry that the central directory leaves out', 'zip-gap', (top) => ({
    name: `${top}/hidden.js`,
    body: 'x',
    omit: 'central',
  })),
  // bytes between two entries
  added('zip-gap: bytes between entries', 'zip-gap', (top) => ({
    name: `${top}/a.js`,
    body: 'x',
    gap: Buffer.from('gap'),
  })),
  // two central entries on one local header
  added('zip-overlap: two entries over the same data', 'zip-overlap', (top) => ({
    name: `${top}/a.js`,
    body: 'x',
    central: { offset: 0 },
  })),
  // a method that is neither stored nor deflated
  added('zip-method: an unknown method', 'zip-unsupported', (top) => ({
    name: `${top}/a.js`,
    body: 'x',
    method: 99,
    data: Buffer.from('x'),
  })),
  // the flag of encryption
  added('zip-encrypted: an encrypted entry', 'zip-unsupported', (top) => ({
    name: `${top}/a.js`,
    body: 'x',
    flags: 0x0801,
  })),

  // bytes before the first entry
  inZip('zip-prefix: bytes before the archive', 'zip-gap', () => ({
    zip: { prefix: Buffer.from('#!/bin/sh\n'), shift: true },
  })),
  inZip(
    'zip-prefix-unshifted: bytes before the archive that offsets do not count',
    'zip-end-record',
    () => ({
      zip: { prefix: Buffer.from('#!/bin/sh\n'), shift: false },
    }),
  ),
  // bytes after the end record
  inZip('zip-trailing: bytes after the end record', 'zip-trailing-bytes', () => ({
    zip: { trailing: Buffer.from('tail') },
  })),
  // a second end record in the comment
  inZip('zip-comment-end-record: an end record in the comment', 'zip-end-record', () => ({
    zip: { comment: Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]) },
  })),
  // the end record counts one entry less
  inZip('zip-entry-count: an end record that counts wrongly', 'zip-end-record', () => ({
    zip: { end: { entries: 1, entriesOnDisk: 1 } },
  })),
];
