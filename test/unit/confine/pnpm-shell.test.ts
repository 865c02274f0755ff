import { expect, it, onTestFinished } from 'vitest';
import { makeConfineProject } from '../../support/confine/project.ts';

it('scripts with the network run in the shell that the user names, and not in that of the project', () => {
  const at = makeConfineProject();
  onTestFinished(() => at.dispose());
  at.write('project/package.json', {});
  at.write('project/node_modules/.modules.yaml', 'pendingBuilds: [esbuild@0.25.0]\n');
  at.write('project/.npmrc', 'script-shell=./theirs\n');
  at.write('project/pnpm-workspace.yaml', 'scriptShell: ./theirs\n');
  const shell = (env: NodeJS.ProcessEnv = { HOME: at.home }): string | undefined => {
    const [, named = ''] = at.steps('pnpm', 'i', { networkPackages: ['esbuild'], env });
    return /--config\.script-shell=(\S+)/.exec(named)?.[1];
  };
  expect(shell()).toBe('/bin/sh');
  expect(shell({ HOME: at.home, pnpm_config_script_shell: '/bin/env' })).toBe('/bin/env');
  at.write('.npmrc', 'script-shell=/bin/mine\n');
  expect(shell()).toBe('/bin/mine');
  expect(shell({ HOME: at.home, npm_config_script_shell: '/bin/env' })).toBe('/bin/env');
});
