import { describe, expect, it } from 'vitest';
import {
  loadedFile,
  markedLines,
  profileLine,
  withoutProfileLines,
  withProfileLine,
} from '../../../../packages/cli/src/commands/setup/profile-line.ts';
import { SETUP_SHELLS } from '../../../../packages/cli/src/commands/setup/definition.ts';

const FOLDERS = [
  '/home/me/.local/share/tarwarden/shell',
  "/home/it's me/$HOME/`x`/shell",
  String.raw`/home/back\slash\'/"double"/#hash/shell`,
  "'/häuser/ 家/shell",
];

/** Profiles, one character for each byte. */
const PROFILES = [
  undefined,
  '',
  '\n',
  '# mine\nexport A=1\n',
  'export A=1',
  'export A=1\n\n\n',
  'export A=1\r\n# windows\r\n',
  'bytes \u00FF\u00FE that are not UTF-8\n\u0000\n',
  '# tarwarden setup is a fine command\n',
];

describe.each(SETUP_SHELLS)('the line in a profile of %s', (shell) => {
  describe.each(FOLDERS)('for %s', (folder) => {
    const file = `${folder}/${loadedFile(shell)}`;
    const line = profileLine(shell, file);

    it.each(PROFILES)('is taken out of %j, which has its old bytes then', (before) => {
      const after = withProfileLine(before, line);
      expect(after.startsWith(before ?? '')).toBe(true);
      expect(markedLines(after)).toMatchObject([{ file }]);
      expect(withoutProfileLines(after)).toBe(before);
    });

    it.each(PROFILES)('is taken out of %j, and lines that were added since stay', (before) => {
      const after = `# above\n${withProfileLine(before, line)}# below\n`;
      const whole = before === undefined || before === '' || before.endsWith('\n');
      expect(withoutProfileLines(after)).toBe(
        `# above\n${before ?? ''}${whole ? '' : '\n'}# below\n`,
      );
    });

    it('is not taken for its own once it was changed', () => {
      for (const changed of [
        `# ${line}`,
        ` ${line}`,
        `${line} `,
        `${line}\r`,
        line.replace('-r', '-f'),
        line.replace('/profile.', '/other.'),
        `${line} and that`,
      ]) {
        const text = `a\n${Buffer.from(changed).toString('latin1')}\nb\n`;
        expect(markedLines(text)).toMatchObject([{ number: 2, file: undefined }]);
        expect(withoutProfileLines(text)).toBe(text);
      }
    });
  });

  it('is taken out twice, if a person has copied it', () => {
    const line = profileLine(shell, `${FOLDERS[0]}/${loadedFile(shell)}`);
    expect(withoutProfileLines(`${line}\nexport A=1\n${line}\n`)).toBe('export A=1\n');
  });
});
