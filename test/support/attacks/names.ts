/** Names that two file systems, or a terminal, read differently. */
import { entry, gnuLongName, pax, type EntryOptions } from '../tar.ts';
import { inTar, type Attack } from './attack.ts';

/** One more file of the given name. */
function named(id: string, title: string, rule: string, options: EntryOptions): Attack {
  return inTar(id, title, rule, () => ({ entries: [entry({ body: 'planted\n', ...options })] }));
}

export const names: readonly Attack[] = [
  // x path=package/safe.js NUL .txt
  inTar('nul-in-path', 'a PAX path with a NUL', 'nul-in-path', () => ({
    entries: [
      pax({ path: 'package/safe.js\0.txt' }),
      entry({ name: 'package/safe.js', body: 'planted\n' }),
    ],
  })),

  // L package/safe.js NUL .txt
  inTar('nul-in-gnu-name', 'a GNU long name with a NUL', 'nul-in-path', () => ({
    entries: [
      gnuLongName(Buffer.from('package/safe.js\0.txt\0')),
      entry({ name: 'package/safe.js', magic: 'gnu', body: 'planted\n' }),
    ],
  })),

  // package/safe.js NUL .hidden in the header's name field
  named('name-field-residue', 'bytes after the NUL of a name', 'tar-field-residue', {
    name: 'package/safe.js\0.hidden',
  }),

  // package/ESC[2K.js
  named('control-character', 'a terminal escape in a name', 'control-character', {
    name: 'package/\u001b[2K\u001b[1Aok.js',
  }),

  // package/a LF b.js
  named('control-character-newline', 'a newline in a name', 'control-character', {
    name: 'package/a\nb.js',
  }),

  // package/DEL.js
  named('control-character-delete', 'a DEL in a name', 'control-character', {
    name: 'package/a\u007f.js',
  }),

  // package/\xff\xfe.js
  named('invalid-utf8', 'a name that is not UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xff\xfe.js', 'latin1'),
  }),

  // package/\xc0\xaf\xc0\xae.js (overlong slash and dot)
  named('invalid-utf8-overlong', 'overlong UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xc0\xae\xc0\xae\xc0\xafx', 'latin1'),
  }),

  // package/\xed\xa0\x80.js (a lone surrogate)
  named('invalid-utf8-surrogate', 'a lone surrogate in UTF-8', 'invalid-utf8', {
    name: Buffer.from('package/\xed\xa0\x80.js', 'latin1'),
  }),

  // package/CON, package/aux.js
  named('windows-reserved-name', 'a device name of Windows', 'windows-reserved-name', {
    name: 'package/CON',
  }),
  named(
    'windows-reserved-name-extension',
    'a device name with an extension',
    'windows-reserved-name',
    {
      name: 'package/lib/aux.js',
    },
  ),
  named('windows-reserved-name-folder', 'a device name as folder', 'windows-reserved-name', {
    name: 'package/com1/index.js',
  }),
  named(
    'windows-reserved-superscript',
    'a device name with a superscript digit',
    'windows-reserved-name',
    {
      name: 'package/COM\u00b9',
    },
  ),

  // package/index.js:evil
  named('alternate-data-stream', 'an alternate data stream', 'alternate-data-stream', {
    name: 'package/index.js:evil',
  }),
  named('alternate-data-stream-index', 'a folder by its index stream', 'alternate-data-stream', {
    name: 'package/dir::$INDEX_ALLOCATION/x',
  }),

  // package/index.js. and package/index.js␠: index.js on Windows
  named('trailing-dot', 'a name that ends in a dot', 'trailing-dot-or-space', {
    name: 'package/index.js.',
  }),
  named('trailing-space', 'a folder that ends in a space', 'trailing-dot-or-space', {
    name: 'package/lib /index.js',
  }),
  named('trailing-dots-folder', 'a folder of three dots', 'trailing-dot-or-space', {
    name: 'package/.../x',
  }),
];
