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
];
