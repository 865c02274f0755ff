/**
 * The archive of the picture "one archive, five trees": a package of two files, and four more entries that clients read in
 * different ways. All that it holds is a few words of text, and its links stay in the package.
 */
import { entry } from '../tar.ts';
import { tgz } from '../pkg.ts';

/** What the archive has for somebody, in the order of the picture. Each is in the attack set as an archive of its own. */
export const ENTRIES = [
  'package.json',
  'index.js',
  'alias.js',
  'copy.js',
  'notes.txt',
  'hidden.js',
] as const;

export const oddPackage = {
  id: 'odd-package',
  build({ name = 'odd-package' }: { name?: string } = {}): Buffer {
    const hidden = entry({ name: 'package/hidden.js', body: '// hidden\n' });
    return tgz({
      name,
      entries: [
        entry({ name: 'package/alias.js', typeflag: '2', linkname: 'index.js' }),
        entry({ name: 'package/copy.js', typeflag: '1', linkname: 'package/index.js' }),
        entry({ name: 'package/notes.txt', linkname: 'index.js', body: 'notes\n' }),
        entry({ name: 'package/lib/', typeflag: '5', body: hidden }),
      ],
    });
  },
};
