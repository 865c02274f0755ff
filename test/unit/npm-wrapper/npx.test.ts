/** npx runs what it finds in its own cache: under guard that is a folder that only guarded runs fill. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guarded-run/src/intercept.ts';
import type { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import { execInterceptions } from '../../../packages/npm-wrapper/src/npx.ts';

const prepare = vi.fn();
const guard = {
  prepare,
  unable: (cause: unknown) => new Error('nothing is installed', { cause }),
} as unknown as NpmGuard;

type Exec = (options: object) => Promise<unknown>;

/** What npm gets instead of its libnpmexec. */
function guardExec(exports: unknown): Exec {
  const module = { exports };
  interceptAll(execInterceptions(module, guard));
  return module.exports as Exec;
}

const exec = vi.fn(async (_options: object) => 'ran');
const instead = vi.fn();
beforeEach(() => {
  exec.mockReset().mockResolvedValue('ran');
  instead.mockReset();
  prepare.mockReset().mockResolvedValue({ npxFolder: () => '/ours', npxFolderInstead: instead });
});

describe('libnpmexec', () => {
  test('gets our folder, whatever a project\u2019s settings say', async () => {
    const options = { npxCache: '/project/_npx', args: ['a'], npmCommand: 'test' };
    expect(await guardExec(exec)(options)).toBe('ran');
    expect(exec.mock.calls).toEqual([[{ ...options, npxCache: '/ours' }]]);
    // The policy is the one for npx, also where npm was asked for something else.
    expect(prepare.mock.calls).toEqual([[{ opts: { ...options, npmCommand: 'exec' } }]]);
  });

  test('gets another where ours takes no file, and fails by whatever else', async () => {
    const full = new Error('full');
    exec.mockRejectedValueOnce(full);
    instead.mockReturnValueOnce('/other');
    expect(await guardExec(exec)({})).toBe('ran');
    expect(instead.mock.calls).toEqual([['/ours', full]]);
    expect(exec.mock.calls).toEqual([[{ npxCache: '/ours' }], [{ npxCache: '/other' }]]);
    exec.mockReset().mockRejectedValue(new Error('the program failed'));
    await expect(guardExec(exec)({})).rejects.toThrow('the program failed');
    expect(exec).toHaveBeenCalledOnce();
  });

  test('is not run where there is no folder', async () => {
    const cause = new Error('no file can be written');
    const npxFolder = (): never => {
      throw cause;
    };
    prepare.mockResolvedValue({ npxFolder });
    const refused = { message: 'nothing is installed', cause };
    await expect(guardExec(exec)({})).rejects.toMatchObject(refused);
    expect(exec).not.toHaveBeenCalled();
  });

  test('is not run where nothing can be inspected', async () => {
    prepare.mockRejectedValue(new Error('no policy'));
    await expect(guardExec(exec)({})).rejects.toThrow('no policy');
    expect(exec).not.toHaveBeenCalled();
  });

  test.each([undefined, {}, 'exec'])('that is %o stops npm', (value) => {
    expect(() => guardExec(value)).toThrow('it has no method exports');
  });
});
