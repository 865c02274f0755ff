import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { threadProgram } from '../../../support/thread-program.ts';

let program: string;
beforeAll(async () => {
  program = await (
    await fetch(await threadProgram(new URL('text-file-program.ts', import.meta.url)))
  ).text();
});

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'project/.git'), { recursive: true });
});

/** In a process of its own: one that waits for a fifo can only be ended from outside. */
function loaded(): string {
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: program,
    encoding: 'utf8',
    timeout: 15_000,
    env: { PROJECT: join(root, 'project'), HOME: join(root, 'home'), PATH: process.env['PATH'] },
  });
  return signal === null ? stdout.trim().replaceAll(root, '') : 'had to be ended';
}

describe.skipIf(process.platform === 'win32')('a policy file', () => {
  it.each([
    ['project/tarwarden.json', 'POLICY_INVALID /project/tarwarden.json is not a file'],
    [
      'home/.config/tarwarden/policy.json',
      'POLICY_INVALID /home/.config/tarwarden/policy.json is not a file',
    ],
  ])('that is a fifo, %s, is refused and not waited for', (path, message) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    execFileSync('mkfifo', [join(root, path)]);
    expect(loaded()).toBe(message);
  });

  it('that is a file is read', () => {
    writeFileSync(join(root, 'project/tarwarden.json'), '{}');
    expect(loaded()).toBe('loaded');
  });
});
