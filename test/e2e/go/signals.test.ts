/** A signal while the guard itself fetches: nothing that it started or made is left. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { useGoBench } from '../../support/go/bench.ts';
import { repository } from '../../support/managers.ts';

const MODULE = 'git.tarwarden.invalid/subject.git';
const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

describe.skipIf(process.platform === 'win32')(
  'a signal to the guard alone',
  { tags: ['go'] },
  () => {
    const bench = useGoBench();
    beforeEach(() => {
      bench.sandbox.write({
        'go.mod': `module example.org/project\n\ngo 1.21\n\nrequire ${MODULE} v1.0.0\n`,
      });
    });

    const isAlive = (pid: number): boolean => {
      // Not one that has ended and waits for its parent.
      const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
      return /^[^Z\s]/.test(stdout.trim());
    };

    test.each([
      ['SIGTERM', 143, ['mod', 'download']],
      ['SIGHUP', 129, ['mod', 'download']],
      ['SIGINT', 130, ['mod', 'download']],
      ['SIGTERM', 143, ['get', `${MODULE}@feature/x`]],
    ] as const)('%s ends what fetches, with %i: go %s', async (signal, expected, args) => {
      expect(await codeOf({ signal, args, env: bench.env })).toBe(expected);
    });

    test('the exit code is the same where go hears first that what it waits for has ended', async () => {
      const { root } = bench.sandbox;
      const real = spawnSync('which', ['go'], { encoding: 'utf8', env: bench.env }).stdout.trim();
      mkdirSync(join(root, 'first'));
      // Takes no notice of the signal itself.
      const shim = `#!/bin/sh\ntrap '' TERM\n'${real}' "$@"\ncode=$?\n[ $code -gt 128 ] && exit 1\nexit $code\n`;
      writeFileSync(join(root, 'first/go'), shim, { mode: 0o755 });
      const env = { ...bench.env, PATH: `${join(root, 'first')}:${bench.env['PATH']}` };
      expect(await codeOf({ signal: 'SIGTERM', args: ['mod', 'download'], env })).toBe(143);
    });

    /** The exit code of the guard, which leaves nothing running and no folder. */
    async function codeOf(of: {
      readonly signal: NodeJS.Signals;
      readonly args: readonly string[];
      readonly env: NodeJS.ProcessEnv;
    }): Promise<number> {
      const { signal, args } = of;
      const { root, project, temp } = bench.sandbox;
      // git asks it for the repository, and waits.
      const [waiting, file] = [join(root, 'waiting.sh'), join(root, 'pid')];
      writeFileSync(waiting, `#!/bin/sh\necho $$ > ${file}\nexec sleep 600\n`, { mode: 0o755 });
      const env = {
        ...of.env,
        GOPRIVATE: 'git.tarwarden.invalid',
        GIT_SSH_COMMAND: waiting,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'url.ssh://git@host.invalid/subject.insteadOf',
        GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
      };
      const guard = spawn(process.execPath, [CLI, 'go', ...args], {
        cwd: project,
        env,
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      const ended = once(guard, 'exit');
      await vi.waitFor(
        () => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\n$/),
        {
          timeout: 30_000,
        },
      );
      const pid = Number(readFileSync(file, 'utf8'));
      guard.kill(signal);
      const [code] = (await ended) as [number];
      try {
        await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
        expect(readdirSync(temp)).toEqual([]);
        return code;
      } finally {
        if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      }
    }
  },
);
