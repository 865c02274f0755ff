/** Names that two file systems, or a terminal, read differently. */
import { entry, gnuLongName, pax, type EntryOptions } from '../tar.ts';
import type { PkgOptions } from '../pkg.ts';
import { inTar, warned, type Attack, added } from './attack.ts';

/** One more file of the given name. */
function named(words: string, rule: string, options: EntryOptions): Attack {
  return added(words, rule, entry({ body: 'planted\n', ...options }));
}

export const names: readonly Attack[] = [
  // x path=package/safe.js NUL .txt
  added(
    'nul-in-path: a PAX path with a NUL',
    'nul-in-path',
    pax({ path: 'package/safe.js\0.txt' }),
    entry({ name: 'package/safe.js', body: 'planted\n' }),
  ),

  // L package/safe.js NUL .txt
  added(
    'nul-in-gnu-name: a GNU long name with a NUL',
    'gnu-long-name',
    gnuLongName(Buffer.from('package/safe.js\0.txt\0')),
    entry({ name: 'package/safe.js', magic: 'gnu', body: 'planted\n' }),
  ),

  // package/safe.js NUL .hidden in the header's name field
  named('name-field-residue: bytes after the NUL of a name', 'tar-field-residue', {
    name: 'package/safe.js\0.hidden',
  }),

  // package/ESC[2K.js
  named('control-character: a terminal escape in a name', 'control-character', {
    name: 'package/\u001b[2K\u001b[1Aok.js',
  }),

  // package/a LF b.js
  named('control-character-newline: a newline in a name', 'control-character', {
    name: 'package/a\nb.js',
  }),

  // package/DEL.js
  named('control-character-delete: a DEL in a name', 'control-character', {
    name: 'package/a\u007f.js',
  }),

  // package/\xff\xfe.js
  named('invalid-utf8: a name that is not UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xff\xfe.js', 'latin1'),
  }),

  // package/\xc0\xaf\xc0\xae.js (overlong slash and dot)
  named('invalid-utf8-overlong: overlong UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xc0\xae\xc0\xae\xc0\xafx', 'latin1'),
  }),

  // package/\xed\xa0\x80.js (a lone surrogate)
  named('invalid-utf8-surrogate: a lone surrogate in UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xed\xa0\x80.js', 'latin1'),
  }),

  // package/CON, package/aux.js
  named('windows-reserved-name: a device name of Windows', 'windows-reserved-name', {
    name: 'package/CON',
  }),
  named(
    'windows-reserved-name-extension: a device name with an extension',
    'windows-reserved-name',
    {
      name: 'package/lib/aux.js',
    },
  ),
  named('windows-reserved-name-folder: a device name as folder', 'windows-reserved-name', {
    name: 'package/com1/index.js',
  }),
  named(
    'windows-reserved-superscript: a device name with a superscript digit',
    'windows-reserved-name',
    {
      name: 'package/COM\u00b9',
    },
  ),

  // package/index.js:evil
  named('alternate-data-stream: an alternate data stream', 'alternate-data-stream', {
    name: 'package/index.js:evil',
  }),
  named('alternate-data-stream-index: a folder by its index stream', 'alternate-data-stream', {
    name: 'package/dir::$INDEX_ALLOCATION/x',
  }),

  // package/index.js. and package/index.js␠: index.js on Windows
  named('trailing-dot: a name that ends in a dot', 'trailing-dot-or-space', {
    name: 'package/index.js.',
  }),
  named('trailing-space: a folder that ends in a space', 'trailing-dot-or-space', {
    name: 'package/lib /index.js',
  }),
  named('trailing-dots-folder: a folder of three dots', 'trailing-dot-or-space', {
    name: 'package/.../x',
  }),

  // package/sj.<RLO>nigol: reads as login.js
  named('invisible-character: a direction override in a name', 'invisible-character', {
    name: 'package/\u202esj.nigol',
  }),
  named('invisible-character-zero-width: a zero-width space in a name', 'invisible-character', {
    name: 'package/index\u200b.js',
  }),

  // package/a?.js
  warned(
    named('windows-character: a character that Windows refuses', 'windows-character', {
      name: 'package/a?.js',
    }),
  ),

  // package/xxx… of 256 bytes
  inTar('component-length-limit: a name of 256 bytes', 'component-length-limit', () =>
    longPath('x'.repeat(256)),
  ),

  // package/d/d/d/… 100 deep
  inTar('path-depth-limit: a path 100 folders deep', 'path-depth-limit', () =>
    longPath('d/'.repeat(100) + 'x'),
  ),

  // package/ddd…/ddd…/… of 2,000 bytes
  inTar('path-length-limit: a path of 2,000 bytes', 'path-length-limit', () =>
    longPath(`${'d'.repeat(99)}/`.repeat(20) + 'x'),
  ),
];

/** A file whose path takes a PAX header, with the header's own name being its beginning, as real packers do. */
function longPath(path: string): PkgOptions {
  const full = `package/${path}`;
  return { entries: [pax({ path: full }), entry({ name: full.slice(0, 99), body: 'x' })] };
}
