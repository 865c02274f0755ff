/** The output of the commands, read as GitHub's runner and Azure's agent read it: no text of an archive is a command to them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inspect } from '@tarwarden/core';
import { refusalExcerpt } from '@tarwarden/guard/kit';
import { rejected } from '@tarwarden/guard';
import { execute } from '../../support/execute.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { logCommands } from '../../support/log-commands.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';
import { TARWARDEN } from '../verify/world.ts';

const COMMANDS = [
  '::add-path::/evil',
  '::error title=x::y',
  '::stop-commands::x',
  '##[add-path]/evil',
  '##vso[task.setvariable variable=A]b',
  '#\uFE0F#vso[task.complete result=Succeeded;]x',
];

/** Each command alone, at the start of a line, and behind white space. */
const HOSTILE = COMMANDS.flatMap((command) => [command, `x\n${command}`, `x\r \u3000${command}`]);

let folder: string;
freshFolder((fresh) => {
  folder = fresh;
  const entries = HOSTILE.flatMap((text, index) => {
    const [path, linkpath] = [`package/${index}/${text}`, text];
    return [
      pax({ path }),
      entry({ name: 'x', body: text }),
      pax({ path: text, linkpath }),
      entry({ name: 'x', typeflag: '2', linkname: 'x' }),
    ];
  });
  const scripts = Object.fromEntries(HOSTILE.map((text) => [text, text]));
  const manifest = { name: HOSTILE[1], version: HOSTILE[4], scripts, main: HOSTILE[0] };
  writeFileSync(join(folder, 'evil.tgz'), tgz({ manifest, entries }));
});

it('a refusal of a client prints no command', () => {
  const verdict = inspect(readFileSync(join(folder, 'evil.tgz')));
  for (const label of [undefined, ...HOSTILE]) {
    const refused = rejected(verdict, { label, source: `https://example.com/${label}` });
    const { block, headline, reasons, remedies, subject } = refused;
    const shown = [block, headline, ...refusalExcerpt(refused), ...reasons, ...remedies, subject];
    expect(reasons.length).toBeGreaterThan(COMMANDS.length);
    expect(logCommands(shown)).toEqual([]);
  }
});

it.each([
  ['scan', 'evil.tgz'],
  ['scan', 'evil.tgz', '--reporter', 'json'],
  ['scan', 'evil.tgz', '--reporter', 'ndjson'],
  ['scan', 'evil.tgz', '--reporter', 'sarif'],
  ['explain', 'evil.tgz'],
  ['explain', 'evil.tgz', '--reporter', 'json'],
  ['unpack', 'evil.tgz', 'out'],
  ['unpack', COMMANDS[4]!, `out${COMMANDS[3]!}`],
])('%s %s %s %s: prints no command', async (...args) => {
  const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: folder, NO_COLOR: '1' };
  const { code, stdout, stderr } = await execute(process.execPath, [TARWARDEN, ...args], {
    cwd: folder,
    env,
  });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/vso/);
  expect([...logCommands(stdout), ...logCommands(stderr)]).toEqual([]);
});
