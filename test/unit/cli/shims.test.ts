import { join } from 'node:path';
import { SHIM_MARK } from '@tarwarden/guarded-run';
import { describe, expect, it, vi } from 'vitest';
import { SHIMS_OPTIONS } from '../../../packages/cli/src/commands/shims/definition.ts';
import { nextStep, posixShim, SHIMS, windowsShim } from '../../../packages/cli/src/shims/script.ts';
import { writeShims } from '../../../packages/cli/src/commands/shims/run.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const names = SHIMS_OPTIONS.manager.choices;
const started = { node: "/it's/node", main: '/a %b%/tarwarden.js', folder: '/my shims' };

describe.each(names)('the shim %s', (name) => {
  it('is known by its mark, in the first kilobyte', () => {
    for (const text of [posixShim(name, started), windowsShim(name, started)])
      expect(text.slice(0, 1024)).toContain(SHIM_MARK);
  });

  it('ends by running the command of ours, which gets every argument behind "--"', () => {
    expect(posixShim(name, started)).toMatch(
      new RegExp(`\nexec "\\$node" "\\$main" ${SHIMS[name]} -- "\\$@"\n$`),
    );
  });

  it('quotes what a shell would take for its own', () => {
    expect(posixShim(name, started)).toContain(String.raw`node='/it'\''s/node'`);
    const windows = windowsShim(name, started);
    expect(windows).toContain(`"/it's/node" "/a %%b%%/tarwarden.js" ${SHIMS[name]} -- %*\r\n`);
    expect(windows).toMatch(/if not exist [^]*exit \/b 97\r\n\)\r\n/);
    expect(windows.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe.skipIf(process.platform === 'win32')('the next step', () => {
  let folder: string;
  freshFolder((made) => (folder = made));

  it.each([
    ['a person', true, 'shims', /^tarwarden: .*PATH[^]*tarwarden verify\n$/],
    ['a pipe', false, 'shims', /^$/],
    ['a person whose folder would steer the terminal', true, 'shims\u001B[2J', /^$/],
  ])('is for standard error, and %s', async (_, isTTY, name, expected) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const before = process.stdout.isTTY;
    process.stdout.isTTY = isTTY;
    try {
      const values = { manager: undefined };
      const operands = [join(folder, name)];
      expect(await writeShims({ values, operands, mainUrl: import.meta.url })).toBe(0);
    } finally {
      process.stdout.isTTY = before;
    }
    expect(errors.mock.calls.map(([text]) => String(text)).join('')).toMatch(expected);
  });

  it.each([
    ['/home/me/.tarwarden/shims', 'export PATH="/home/me/.tarwarden/shims:$PATH"'],
    ["/it's/$here", String.raw`export PATH='/it'\''s/$here':"$PATH"`],
  ])('puts %s first on the PATH', (folder, line) => {
    expect(nextStep(folder).split('\n').slice(1)).toEqual([`  ${line}`, '  tarwarden verify']);
  });
});
