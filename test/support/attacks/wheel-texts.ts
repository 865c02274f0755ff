/* Wheels whose texts Python reads by other lines than most, or that bring a second distribution. */
import { attack, DATA, path, type WheelAttack } from './wheel.ts';

/** Commands that Python finds in entry_points.txt; the twin has a plain one. */
function entryPoints(name: string, text: string): WheelAttack {
  return attack(
    name,
    'wheel-entry-point',
    { info: { 'entry_points.txt': text } },
    { info: { 'entry_points.txt': '[console_scripts]\nplanted = fixture:main\n' } },
  );
}

export const wheelTextAttacks: readonly WheelAttack[] = [
  // [[console_scripts]]: Python takes away both brackets
  entryPoints('wheel-script-group', '[[console_scripts]]\n../../planted = fixture:main\n'),
  // a comment, then lines that only Python sees
  entryPoints(
    'wheel-script-line-separator',
    '[console_scripts]\n# c\u2028../../planted = fixture:main\n',
  ),
  entryPoints('wheel-script-form-feed', '# c\f[console_scripts]\f../../planted = fixture:main\n'),
  // a semicolon, which begins no comment
  entryPoints('wheel-script-semicolon', '[console_scripts]\n;/../../planted = fixture:main\n'),
  // a path on a line that only Python sees: uninstalling deletes it
  attack('wheel-record-line-separator', 'wheel-record', {
    record: (lines) => [...lines, 'x\u2028/nonexistent/victim,,'],
  }),
  // a path in quotes over several lines, which pip joins
  attack('wheel-record-quoted-lines', 'wheel-record', {
    record: (lines) => [...lines, '"..\n/..\n/victim",,'],
  }),
  // other-0.1.egg-info, whose list of files pip deletes when other is upgraded
  path(
    'wheel-planted-egg-info',
    'wheel-planted-distribution',
    'other-0.1.egg-info/installed-files.txt',
  ),
  // the same as .dist-info, by the schemes
  path(
    'wheel-planted-purelib',
    'wheel-planted-distribution',
    `${DATA}/purelib/other-0.1.dist-info/RECORD`,
  ),
  path(
    'wheel-planted-data',
    'wheel-planted-distribution',
    `${DATA}/data/lib/python3.13/site-packages/other-0.1.dist-info/RECORD`,
  ),
  // the same with a component that installers drop when they normalise
  path(
    'wheel-planted-dot',
    'wheel-planted-distribution',
    `${DATA}/purelib/./other-0.1.dist-info/RECORD`,
  ),
  // a source of the attacker's choice, which pip freeze lists
  path('wheel-direct-url', 'wheel-installer-file', 'fixture-1.0.0.dist-info/direct_url.json'),
  // a file of another package: uninstalling deletes it
  attack('wheel-record-foreign', 'wheel-record-foreign', {
    record: (lines) => [...lines, 'other/__init__.py,,'],
  }),
  // a summary that goes on with what pkg_resources takes as the version
  attack('wheel-version-folded', 'wheel-metadata', {
    info: {
      METADATA:
        'Metadata-Version: 2.1\nName: fixture\nSummary: x\n Version: 9.9\nVersion: 1.0.0\n\n',
    },
  }),
  // [ console_scripts ]: pkg_resources takes away the white space as well
  entryPoints('wheel-script-group-space', '[ console_scripts ]\nplanted = fixture:main\n'),
  // a command and a file of one name: pip leaves out the file, others write both
  attack(
    'wheel-script-twice',
    'wheel-data-clash',
    {
      files: { [`${DATA}/scripts/planted`]: '#!python\n' },
      info: { 'entry_points.txt': '[console_scripts]\nplanted = fixture:main\n' },
    },
    { files: { [`${DATA}/scripts/planted`]: '#!python\n' } },
  ),
];
