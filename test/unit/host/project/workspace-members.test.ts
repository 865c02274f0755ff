import { describe, expect, it } from 'vitest';
import { isMember } from '../../../../packages/host/src/project/workspace-members.ts';

describe('isMember', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['packages/a', ['packages/*']],
    ['packages/a/b', ['packages/**']],
    ['packages', ['packages/**']],
    ['packages/a', ['./packages/{a,b}/']],
    ['apps/web.v2', ['x', 'apps/web.v2']],
    ['packages/b', ['packages/*', '!packages/a']],
    ['a/b', ['**']],
  ])('%j is of %j', (folder, patterns) => {
    expect(isMember('/w', `/w/${folder}`.replace(/\/$/, ''), patterns)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['packages/a', undefined],
    ['packages/a', []],
    ['packages/a', 'packages/*'],
    ['packages/a/b', ['packages/*']],
    ['packages/a', ['packages/*', '!packages/a']],
    ['packages/a', ['packages/*', '!**/@(a)']],
    ['packages/a', ['packages/[a]']],
    ['packages/.a', ['packages/*']],
    ['apps/webxv2', ['apps/web.v2']],
    ['packages/node_modules/a', ['**']],
    ['../other', ['**']],
    ['a'.repeat(200), ['*a'.repeat(30)]],
  ])('%j is not known to be of %j', (folder, patterns) => {
    expect(isMember('/w', `/w/${folder}`, patterns)).toBe(false);
  });
});
