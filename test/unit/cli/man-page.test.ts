import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { TARWARDEN } from '../../../packages/cli/src/command-line/tarwarden.ts';
import { TARWARDEN_SERVER } from '../../../packages/server/src/commands/commands.ts';
import { optionsOf, allCommands } from '../../../packages/guard/src/command-line/definition.ts';
import { manPage } from '../../support/man-page.ts';
import { findProgram } from '../../support/programs.ts';

describe.each([TARWARDEN, TARWARDEN_SERVER])('the manual page of $name', async (program) => {
  const page = await manPage(program);
  const commands = await allCommands(program);
  const lines = page.split('\n');

  it('has every command with its options, examples and exit codes', () => {
    const text = page
      .replaceAll(String.raw`\-`, '-')
      .replaceAll(String.raw`\(aq`, "'")
      .replaceAll(String.raw`\(ti`, '~');
    for (const command of commands) {
      expect(text).toContain(`\n.SS ${command.name}\n`);
      for (const name of Object.keys(optionsOf(command)))
        expect(text).toMatch(new RegExp(`\\n\\\\fB--${name}[ \\\\]`));
      for (const example of command.examples)
        expect(text).toContain(`\n${example.replaceAll(/\s+/g, ' ')}\n`);
      for (const code of Object.keys(command.exitCodes)) expect(text).toContain(`fB${code}\\fR`);
    }
  });

  it('has no line that roff reads as another request', () => {
    const requests = lines.filter((line) => /^[.']/.test(line));
    const known = /^\.(?:TH|SH|SS|PP|TP|RS|RE|nf|fi|ad|nh)(?: |$)/;
    expect(requests.filter((line) => !known.test(line))).toEqual([]);
    expect(page.replaceAll(/\\(?:[-e&]|f[BR]|\((?:aq|ga|ha|ti))/g, '')).not.toContain('\\');
  });

  it('has only ASCII characters, which every man shows', () => {
    expect(lines.filter((line) => /[^ -~]/.test(line))).toEqual([]);
  });

  const groff = findProgram('groff');
  it.skipIf(groff === undefined)('is formatted by groff without a warning', () => {
    const { status, stderr, stdout } = spawnSync(groff!, ['-ww', '-man', '-Tascii'], {
      input: page,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(program.name);
  });
});
