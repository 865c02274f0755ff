/** `pnpm guard` in a new clone: the command is built of few packages, installed for the user, and removed by npm. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkoutStore, copyCheckout } from '../support/copy-checkout.ts';
import { execute, type Result } from '../support/execute.ts';
import { envFor } from '../support/managers.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

let root: string;
let sandbox: Sandbox;
let clone: string;
let store: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-clone-'));
  sandbox = makeSandbox();
  clone = join(root, 'clone');
  copyCheckout(clone);
  store = await checkoutStore(environment());
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  sandbox.dispose();
});

/** pnpm 12 and npm 10 first on the PATH, and a folder of the test as npm's folder for global packages. */
function environment(): NodeJS.ProcessEnv {
  const folders = (['pnpm-12', 'npm-10'] as const).map((name) => envFor(name, { sandbox })['PATH']);
  return {
    ...process.env,
    PATH: [...folders, process.env['PATH']].join(delimiter),
    NPM_CONFIG_PREFIX: join(root, 'prefix'),
    npm_config_cache: join(root, 'cache'),
  };
}

async function call(program: string, args: readonly string[]): Promise<Result> {
  const offline = { pnpm_config_offline: 'true', pnpm_config_store_dir: store };
  const env = { ...environment(), ...offline };
  return execute(program, args, { cwd: clone, env, timeout: 200_000 });
}

it.skipIf(process.platform === 'win32')(
  'installs the command from few packages, says what comes next, and leaves with npm uninstall',
  async () => {
    mkdirSync(join(root, 'prefix'));
    const made = await call('pnpm', ['guard']);
    const command = join(root, 'prefix/bin/tarwarden');
    expect([`${made.stdout}${made.stderr}`, made.code]).toEqual([expect.anything(), 0]);
    expect(made.stdout).toContain(`Installed ${command}. To remove it: npm uninstall --global`);
    expect(made.stdout).toContain(`export PATH="${join(root, 'prefix/bin')}:$PATH"`);
    expect(made.stdout).toContain(
      `No package manager is guarded yet. To guard those on your PATH:`,
    );
    expect(made.stderr).not.toContain('WARN');
    expect((await call(command, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);

    const packages = readdirSync(join(clone, 'node_modules/.pnpm'));
    expect(packages.length).toBeLessThanOrEqual(70);
    expect(packages.filter((name) => /^(?:typescript|vitest|bullmq|npm)@/.test(name))).toEqual([]);
    expect(existsSync(join(clone, 'packages/server/bin'))).toBe(false);

    expect(await call('npm', ['uninstall', '--global', 'tarwarden'])).toMatchObject({ code: 0 });
    expect(existsSync(command)).toBe(false);
  },
);
