/** The same path more than once, where the extractors differ on which one counts. */
import { entry } from '../tar.ts';
import { inTar, noted, warned, type Attack, added } from './attack.ts';

const evil = 'module.exports = "evil"\n';

// package/index.js (harmless)
// package/index.js (other bytes)
export const duplicate: Attack = added(
  'duplicate-path: the same path with other bytes',
  'duplicate-path',
  entry({ name: 'package/index.js', body: evil }),
);

export const duplicates: readonly Attack[] = [
  duplicate,

  // package/./index.js
  added(
    'duplicate-path-dot: the same path by way of `.`',
    'duplicate-path',
    entry({ name: 'package/./index.js', body: evil }),
  ),

  // ./package/index.js
  added(
    'duplicate-path-dot-first: the same path with a leading `.`',
    'duplicate-path',
    entry({ name: './package/index.js', body: evil }),
  ),

  // other/index.js, which lands on the same place
  added(
    'duplicate-path-other-top: the same path from another top folder',
    ['duplicate-path', 'multiple-top-folders'],
    entry({ name: 'other/index.js', body: evil }),
  ),

  // package/index.js (executable, with the same bytes)
  noted(
    added(
      'duplicate-path-equal: the same path with equal bytes',
      'duplicate-path-identical',
      entry({ name: 'package/index.js', body: 'module.exports = 1\n' }),
    ),
  ),

  // package/lib/a.js
  // package/lib/ (directory), which Yarn cannot make any more
  warned(
    added(
      'repeated-directory: a folder after what lies in it',
      'repeated-directory',
      entry({ name: 'package/lib/a.js', body: 'module.exports = 1\n' }),
      entry({ name: 'package/lib/', typeflag: '5', mode: 0o755 }),
    ),
  ),

  // package/package.json twice, the second with a script
  inTar('manifest-duplicate: package.json twice', 'manifest-duplicate', ({ name, version }) => ({
    entries: [
      entry({
        name: 'package/package.json',
        body: JSON.stringify({ name, version, scripts: { postinstall: 'node index.js' } }),
      }),
    ],
  })),
];
