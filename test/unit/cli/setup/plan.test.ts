/** Which managers setup guards. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { managersToGuard } from '../../../../packages/cli/src/commands/setup/plan.ts';
import type { ShimName } from '../../../../packages/cli/src/shims/shim-files.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

describe.skipIf(process.platform === 'win32')('the managers to guard', () => {
  let folder: string;
  freshFolder((fresh) => (folder = fresh));

  function guarded(named: readonly ShimName[] | undefined, onPath: readonly string[]): ShimName[] {
    for (const name of onPath) chmodSync(putFile(join(folder, name), '#!/bin/sh\n'), 0o755);
    return managersToGuard(named, { PATH: folder });
  }

  it.each([
    [['npm'], ['npm', 'npx', 'pnpm'], ['npm', 'npx']],
    [['npx'], ['npm', 'npx'], ['npm', 'npx']],
    [['yarn'], ['yarn', 'yarnpkg'], ['yarn', 'yarnpkg']],
    [['yarn'], ['yarn'], ['yarn']],
    [
      ['pip3', 'bundler'],
      ['pip', 'pip3', 'python3', 'bundle', 'bundler', 'gem'],
      ['pip', 'pip3', 'bundle', 'bundler'],
    ],
    [['python3'], ['python', 'python3', 'pip'], ['python', 'python3']],
  ] as const)('named %j with %j on the PATH: %j', (named, onPath, expected) => {
    expect(guarded(named, onPath)).toEqual(expected);
  });

  it('are all of the PATH if none is named, except python', () => {
    expect(guarded(undefined, ['npm', 'python', 'go', 'other'])).toEqual(['npm', 'go']);
  });

  it('have to be there if they are named', () => {
    expect(() => guarded(['yarnpkg'], ['yarn'])).toThrow(/no yarnpkg on the PATH/);
  });

  it('are not none', () => {
    expect(() => guarded(undefined, ['other', 'python3'])).toThrow(/there is none of npm, npx/);
  });
});
