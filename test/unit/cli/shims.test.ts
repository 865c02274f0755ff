import { SHIM_MARK } from '@tarwarden/guarded-run';
import { describe, expect, it } from 'vitest';
import { SHIMS_OPTIONS } from '../../../packages/cli/src/commands/shims.ts';
import { posixShim, SHIMS, windowsShim } from '../../../packages/cli/src/shims/script.ts';

const names = SHIMS_OPTIONS.manager.choices;
const started = { node: "/it's/node", main: '/a %b%/tarwarden.js' };

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
