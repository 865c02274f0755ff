import { tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  warning,
  filled,
  folder,
  gem,
  hardlink,
  linked,
  npm,
  ofSdist,
  symlink,
  type Sample,
  under,
} from '../../support/rule-table.ts';
import { entry, type EntryOptions } from '../../support/tar.ts';

const ENTRY_2 = { level: 'error', entryIndex: 2, offset: 2048 } as const;
const LINK = 'package/link';
const HARD = 'package/hard';

describeRule('symlink', error({ entry: LINK }), {
  reports: {
    'a link out of the package': [
      npm(symlink(LINK, '../../secret')),
      { ...ENTRY_2, says: '../../secret' },
    ],
    'a link that stays inside': npm(symlink(LINK, 'index.js')),
    'every link of many': [
      npm(symlink('package/a', 'index.js'), symlink('package/b', 'index.js')),
      { entry: 'package/a' },
      { entry: 'package/b' },
    ],
  },
  silent: {
    'a file with a name that looks like one': npm({
      name: 'package/symlink.js',
      body: 'index.js',
    }),
    'links under the policy that allows them': linked(symlink(LINK, 'index.js')),
  },
});

describeRule('hardlink', error({ entry: HARD }), {
  reports: {
    'a hard link out of the package': [npm(hardlink(HARD, '../../secret')), ENTRY_2],
    'a hard link inside': npm(hardlink(HARD, 'package/index.js')),
  },
  silent: {
    'the same content twice': filled({ 'copy.js': 'module.exports = 1\n' }),
    'hard links under the policy that allows them': linked(hardlink(HARD, 'package/index.js')),
  },
});

const sdistFile: EntryOptions = { name: 'fixture-1.0.0/dir/file', body: 'x' };
const ofEntries = (...entries: EntryOptions[]): Sample =>
  ofSdist({ entries: entries.map((fields) => entry(fields)) });
const sdistHard = (linkname: string, mode = 0o644): EntryOptions => ({
  ...hardlink('fixture-1.0.0/hard', linkname),
  mode,
});

describeRule('hardlink-target', error({ entry: 'fixture-1.0.0/hard' }), {
  reports: {
    'one to itself': ofEntries(sdistHard('fixture-1.0.0/hard')),
    'one to a file that comes later': ofEntries(sdistHard('fixture-1.0.0/dir/file'), sdistFile),
    'one to nothing': ofEntries(sdistHard('fixture-1.0.0/nothing')),
    'one to a folder': ofEntries(sdistFile, sdistHard('fixture-1.0.0/dir')),
    'one to a file with another mode': ofEntries(
      sdistFile,
      sdistHard('fixture-1.0.0/dir/file', 0o755),
    ),
    'one to a path outside the folder': ofEntries(sdistFile, sdistHard('dir/file')),
  },
  silent: {
    'one to an earlier file, which is a warning of another rule': [
      ofEntries(sdistFile, sdistHard('fixture-1.0.0/dir/file')),
      'hardlink',
    ],
  },
});

describeRule('hardlink', warning({ alone: true }), {
  reports: {
    'one to an earlier file of an sdist': ofEntries(sdistFile, sdistHard('fixture-1.0.0/dir/file')),
  },
  clean: { 'an sdist without': ofEntries(sdistFile) },
});

describeRule('escaping-link', error({ entry: LINK }), {
  reports: {
    'a way out': [linked(symlink(LINK, '../../secret')), ENTRY_2],
    'an absolute target': linked(symlink(LINK, '/etc')),
    'a way out and back in': linked(symlink(LINK, '../fixture/index.js')),
    'a way out through a second link': [
      linked(symlink('package/d/up', '..'), symlink('package/x', 'd/up/../../secret')),
      { entry: 'package/x' },
    ],
    'a way out through a link of another case': [
      linked(symlink('package/d/e/Up', '../..'), symlink('package/x', 'd/e/up/../secret')),
      { entry: 'package/x' },
    ],
    'links in a circle': [
      linked(symlink('package/a', 'b'), symlink('package/b', 'a')),
      { entry: 'package/a' },
      { entry: 'package/b' },
    ],
    'a hard link to elsewhere': [linked(hardlink(HARD, '/etc/passwd')), { entry: HARD }],
    'a hard link that climbs': [linked(hardlink(HARD, 'package/../secret')), { entry: HARD }],
    'an empty target, a drive and a backslash': [
      linked(
        symlink('package/a', ''),
        symlink('package/b', 'C:x'),
        symlink('package/c', '..\\\\x'),
      ),
      { entry: 'package/a' },
      { entry: 'package/b' },
      { entry: 'package/c' },
    ],
  },
  silent: {
    'links that stay inside': linked(
      symlink('package/a', 'index.js'),
      symlink('package/d/b', '../index.js'),
      hardlink(HARD, 'package/index.js'),
    ),
  },
  elsewhere: {
    'links at all where none is allowed, which other rules reject': npm(
      symlink(LINK, '../../secret'),
    ),
  },
});

const BUNDLED = 'package/node_modules/dep/link';

describeRule('bundled-link', error(), {
  reports: {
    'a link in a bundled dependency': [npm(symlink(BUNDLED, 'x')), { ...ENTRY_2, entry: BUNDLED }],
    'it where links are allowed': linked(symlink(BUNDLED, 'x')),
    'a link instead of node_modules': linked(symlink('package/node_modules', 'lib')),
  },
  silent: {
    'bundled files': filled({ 'node_modules/dep/package.json': '{}' }),
    'a link elsewhere, where links are allowed': linked(symlink(LINK, 'index.js')),
  },
});

const DIR = symlink('package/dir', 'lib');

describeRule('write-through-link', error({ entryIndex: 3 }), {
  reports: {
    'a file below a link': [npm(DIR, { name: 'package/dir/x.js' }), { entry: 'package/dir/x.js' }],
    'a file over a link': [
      npm(symlink('package/x', 'index.js'), { name: 'package/x' }),
      { entry: 'package/x' },
    ],
    'it where links are allowed': linked(DIR, { name: 'package/dir/x.js' }),
    'a link of another case': npm(symlink('package/Dir', 'lib'), { name: 'package/dir/x.js' }),
  },
  silent: { 'a file beside a link': linked(DIR, { name: 'package/dir2/x.js' }) },
});

const manifestEntry = (fields: EntryOptions): Buffer =>
  tgz({ manifest: null, entries: [entry(fields)] });

describeRule('manifest-link', error({ entry: 'package/package.json' }), {
  reports: {
    'a link instead of package.json': manifestEntry(symlink('package/package.json', 'x.json')),
    'a folder': manifestEntry(folder('package/package.json/')),
    'it where links are allowed': under(
      { links: 'contained' },
      manifestEntry(symlink('package/package.json', 'x.json')),
    ),
  },
  silent: {
    'an ordinary package.json': tgz(),
    'the old spelling of a file': tgz({ defaults: { typeflag: 0 } }),
  },
});

const gemLinks = (...entries: EntryOptions[]): Sample =>
  gem({ entries: entries.map((fields) => entry(fields)) });

describeRule('gem-link-escapes', error({ entry: 'x' }), {
  reports: {
    'a link that leads out': gemLinks(symlink('x', '../x')),
    'an absolute link': gemLinks(symlink('x', '/etc')),
    'a link whose way leads out and back': [
      gemLinks(symlink('a/x', '../../fixture-1.0.0/lib')),
      { entry: 'a/x' },
    ],
    'a link that leads out through another': gemLinks(
      symlink('a/b/c', '../..'),
      symlink('x', 'a/b/c/..'),
    ),
    'a link that leads out as it is written, and not through another': gemLinks(
      { name: 'a/b/f' },
      symlink('d', 'a/b'),
      symlink('x', 'd/../../lib'),
    ),
  },
  silent: { 'a link that stays inside': gemLinks(symlink('bin/x', '../lib/fixture.rb')) },
});
