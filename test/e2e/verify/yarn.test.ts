/** Yarn: armed by the project's plugin line or the user's, and the ways of being unguarded all the same. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { managerFolder, type YarnName } from '../../support/managers.ts';
import { expectVerified, makeCaller, PLUGIN, type Caller } from './world.ts';

const GREEN = { code: 0, status: 'guarded', reason: 'refused' };
const RED = { code: 1, status: 'unguarded', reason: 'not-loaded' };
const LINE =
  'plugins:\n  - path: .yarn/plugins/plugin-tarwarden.cjs\n    spec: "https://example.invalid/x.cjs"\n';
const REQUIRED = 'tarwardenRequired: true\n';

/** A project with the plugin in it, and these lines in its .yarnrc.yml. */
function makeProject(name: YarnName, rc: string): Caller {
  const caller = makeCaller(name);
  const file = join(caller.sandbox.project, '.yarn/plugins/plugin-tarwarden.cjs');
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(PLUGIN, file);
  caller.sandbox.write({ '.yarnrc.yml': rc });
  return caller;
}

describe.each(['yarn-3', 'yarn-4'] as const)('%s', (name) => {
  it('is guarded by the plugin of the project', async () => {
    await expectVerified(makeProject(name, LINE + REQUIRED), ['yarn'], GREEN);
  });

  it('is found to be unguarded where the plugin line was removed', async () => {
    await expectVerified(makeProject(name, 'nodeLinker: pnp\n'), ['yarn'], {
      ...RED,
      remedy: /names a plugin with the guard/,
    });
  });

  it('is guarded behind a proxy of the user', async () => {
    const caller = makeProject(name, LINE + REQUIRED);
    caller.sandbox.yarnrc('httpProxy: "http://127.0.0.1:9"');
    await expectVerified(caller, ['yarn'], GREEN);
    caller.env['YARN_HTTP_PROXY'] = 'http://127.0.0.1:9';
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('is not taken for guarded where Yarn stops for want of the plugin', async () => {
    const report = await expectVerified(makeProject(name, REQUIRED), ['yarn'], {
      code: 2,
      status: 'unproven',
      reason: 'failed',
    });
    expect(report.results[0]?.output).toContain('tarwardenRequired');
  });
});

describe('Yarn', () => {
  it('is guarded in a package of a workspace, by the settings of its root', async () => {
    const caller = makeProject('yarn-4', LINE + REQUIRED);
    caller.sandbox.write({ 'packages/a/package.json': { name: 'a' } });
    caller.folder = 'packages/a';
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it("is guarded by the user's own .yarnrc.yml", async () => {
    const caller = makeCaller('yarn-4');
    caller.sandbox.yarnrc(`plugins: [${JSON.stringify(PLUGIN)}]`);
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('is guarded by a variable', async () => {
    const caller = makeCaller('yarn-4');
    caller.env['YARN_PLUGINS'] = PLUGIN;
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('is guarded where all that it prints is filtered', async () => {
    const filters = 'logFilters:\n  - code: YN0030\n    level: info\n';
    await expectVerified(makeProject('yarn-4', LINE + filters), ['yarn'], GREEN);
  });

  it('is found to be unguarded where yarnPath names Yarn 1', async () => {
    const path = join(managerFolder('yarn-1'), 'lib/cli.js');
    const caller = makeProject('yarn-4', `${LINE}yarnPath: ${JSON.stringify(path)}\n`);
    await expectVerified(caller, ['yarn'], RED);
  });

  it('is guarded where a Yarn 1 on the PATH hands on to the Yarn of the project', async () => {
    const path = join(managerFolder('yarn-4'), 'bin/yarn.js');
    const caller = makeProject('yarn-1', `${LINE}yarnPath: ${JSON.stringify(path)}\n`);
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('is found to be unguarded where a .yarnrc has Yarn 1 hand on to a Yarn without the plugin', async () => {
    const caller = makeProject('yarn-1', LINE);
    const path = join(managerFolder('yarn-1'), 'lib/cli.js');
    caller.sandbox.write({ '.yarnrc': `yarn-path ${JSON.stringify(path)}\n` });
    await expectVerified(caller, ['yarn'], RED);
    const other = join(managerFolder('yarn-4'), 'bin/yarn.js');
    caller.sandbox.write({ '.yarnrc': `# mine\nyarn-path "${other}"\n` });
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('is found to be unguarded where a variable keeps Yarn 1 from handing on', async () => {
    const path = join(managerFolder('yarn-4'), 'bin/yarn.js');
    const caller = makeProject('yarn-1', `${LINE}yarnPath: ${JSON.stringify(path)}\n`);
    caller.env['YARN_IGNORE_PATH'] = '1';
    await expectVerified(caller, ['yarn'], { ...RED, remedy: /YARN_IGNORE_PATH/ });
  });

  it('reads another file where YARN_RC_FILENAME says so', async () => {
    const caller = makeProject('yarn-4', LINE);
    caller.env['YARN_RC_FILENAME'] = '.other.yml';
    caller.sandbox.write({ '.other.yml': 'nodeLinker: pnp\n' });
    await expectVerified(caller, ['yarn'], RED);
  });

  it("is guarded whatever else the user's settings ask for", async () => {
    const caller = makeProject('yarn-4', LINE);
    caller.sandbox.yarnrc('npmMinimalAgeGate: 10080', 'enableHardenedMode: true');
    caller.sandbox.yarnrc('npmAlwaysAuth: true', 'enableNetwork: false', 'nodeLinker: pnp');
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it.each(['yarn-3', 'yarn-1'] as const)(
    'of %s is found to be unguarded where its parser takes yarnPath from __proto__',
    async (name) => {
      const caller = makeProject(name, `${LINE}__proto__:\n  yarnPath: ./other.cjs\n`);
      caller.sandbox.write({ 'other.cjs': 'console.log("another Yarn")' });
      await expectVerified(caller, ['yarn'], RED);
    },
  );

  it('writes no state where the user has it elsewhere', async () => {
    const caller = makeProject('yarn-4', LINE);
    const { home } = caller.sandbox;
    caller.sandbox.yarnrc(`installStatePath: ${JSON.stringify(join(home, 'state.gz'))}`);
    await expectVerified(caller, ['yarn'], GREEN);
    caller.env['YARN_INSTALL_STATE_PATH'] = join(home, 'other.gz');
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('takes no setting over that would have it write in the project', async () => {
    const caller = makeProject('yarn-4', `${LINE}cacheFolder: ./cache\nglobalFolder: ./global\n`);
    await expectVerified(caller, ['yarn'], GREEN);
  });
});
