import { readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTyped, type Run } from '../../../../packages/cli/src/guard-trials/run-typed.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

async function run(script: string | undefined, timeout?: number): Promise<Run> {
  if (script !== undefined) {
    writeFileSync(join(root, 'tool'), script);
    chmodSync(join(root, 'tool'), 0o755);
  }
  const env = { ...process.env, PATH: [root, process.env['PATH']].join(delimiter) };
  return runTyped('tool', ['a b'], { cwd: root, env, ...(timeout !== undefined && { timeout }) });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('runTyped', () => {
  it('takes the first of its name on the PATH, and what it prints without colours', async () => {
    expect(
      await run('#!/bin/sh\nprintf "\\033[31m%s\\033[0m" "$1"; echo err >&2; exit 3\n'),
    ).toEqual({
      code: 3,
      output: expect.stringMatching(/^(?:a berr\n|err\na b)$/) as string,
      stdout: 'a b',
      timedOut: false,
    });
  });

  it('runs a script without a first line, as a shell does', async () => {
    expect(await run('echo "$1"\n')).toMatchObject({ code: 0, output: 'a b\n' });
  });

  it('has the code of a shell for what is not there or cannot be run', async () => {
    expect(await run(undefined)).toMatchObject({ code: 127, timedOut: false });
    expect(await run('#!/nowhere/interpreter\n')).toMatchObject({ code: 127 });
  });

  it('ends what takes too long, with all that it started', async () => {
    const result = await run('#!/bin/sh\nsleep 600 &\necho $! > child\nwait\n', 500);
    expect(result).toMatchObject({ code: null, timedOut: true });
    expect(alive(Number(readFileSync(join(root, 'child'), 'utf8')))).toBe(false);
  });

  it('does not wait for what a manager leaves running', async () => {
    expect(await run('#!/bin/sh\nsleep 600 &\nexit 0\n')).toMatchObject({
      code: 0,
      timedOut: false,
    });
  });

  it('does not wait for what left its group and holds its output open', async () => {
    const file = join(root, 'pid');
    const script = `const { spawn } = require('node:child_process');
const one = spawn('sleep', ['300'], { detached: true, stdio: 'inherit' });
require('node:fs').writeFileSync(${JSON.stringify(file)}, String(one.pid));
process.exit(3);`;
    const { code, timedOut } = await run(`#!${process.execPath}\n${script}\n`);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    expect({ code, timedOut }).toEqual({ code: 3, timedOut: false });
  });
});
