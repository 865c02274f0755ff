/**
 * Several hundred real packages of the public registry, a native build and lifecycle scripts among them, confined. It downloads
 * them, so that it runs with TARWARDEN_E2E_FULL=1 alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { CLI } from '../../support/confine/world.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import {
  available,
  envFor,
  nodePath,
  runBeside,
  type ManagerName,
} from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const headers = existsSync(
  join(dirname(dirname(nodePath('system'))), 'include/node/node_version.h'),
);
const tools = ['/usr/bin/make', '/usr/bin/g++', '/usr/bin/python3'];
const canBuild = headers && tools.every((path) => existsSync(path));
const managers: readonly ManagerName[] = ['npm-11', 'pnpm-10', 'yarn-1', 'yarn-4', 'bun'];

describe.skipIf(!full || 'problem' in findHelper()).each(managers)('%s', (manager) => {
  const sandbox = freshEach(() =>
    makeSandbox({
      project: {
        'package.json': {
          name: 'project',
          version: '1.0.0',
          dependencies: {
            bufferutil: '4.0.9',
            'core-js': '3.40.0',
            esbuild: '0.25.0',
            eslint: '9.20.0',
            express: '4.21.2',
            jest: '29.7.0',
            protobufjs: '7.4.0',
            webpack: '5.98.0',
          },
          trustedDependencies: ['bufferutil', 'core-js', 'esbuild', 'protobufjs'],
        },
        'pnpm-workspace.yaml':
          'onlyBuiltDependencies: [bufferutil, core-js, esbuild, protobufjs]\n',
        '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: true\nnpmMinimalAgeGate: 0\n',
        ...(manager === 'yarn-4' && { 'yarn.lock': '' }),
      },
    }),
  );

  test.skipIf(!available(manager).ok || !canBuild)(
    'installs, builds and runs them',
    { timeout: 900_000 },
    async () => {
      // How the registry is reached from here.
      const { NODE_EXTRA_CA_CERTS, HTTPS_PROXY, NO_PROXY } = process.env;
      // A compiler looks for its parts beside itself.
      const PATH = [sandbox.env['PATH'], '/usr/bin', '/bin'].join(delimiter);
      const env = {
        PATH,
        npm_config_build_from_source: 'true',
        NODE_EXTRA_CA_CERTS,
        HTTPS_PROXY,
        NO_PROXY,
      };
      const client = manager.split('-')[0] ?? '';
      const args = [
        client,
        '--confine',
        'install',
        ...(manager === 'yarn-4' ? ['--no-immutable'] : []),
      ];
      const result = await runBeside(manager, CLI, args, { sandbox, env, timeout: 800_000 });
      expect(result.stderr + result.stdout).not.toContain('was confined');
      expect(result).toMatchObject({ code: 0 });
      const modules = join(sandbox.project, 'node_modules');
      // Compiled here, and no prebuilt file.
      const [addon] = readdirSync(join(modules, 'bufferutil/build/Release')).filter((name) =>
        name.endsWith('.node'),
      );
      expect(addon).toBe('bufferutil.node');
      const script =
        "require('bufferutil').mask(Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(4), 0, 4); console.log(require('esbuild').transformSync('let x: number = 1', { loader: 'ts' }).code)";
      const ran = await execute(nodePath('system'), ['-e', script], {
        cwd: sandbox.project,
        env: envFor(manager, { sandbox }),
      });
      expect(ran).toMatchObject({ code: 0, stdout: 'let x = 1;\n\n' });
      expect(installed(modules, manager)).toBeGreaterThan(300);
    },
  );
});

function installed(modules: string, manager: ManagerName): number {
  if (manager === 'pnpm-10') return readdirSync(join(modules, '.pnpm')).length;
  if (manager === 'yarn-1' || manager === 'bun') return readdirSync(modules).length;
  const isNpm = manager === 'npm-11';
  const file = isNpm ? '.package-lock.json' : '.yarn-state.yml';
  const text = readFileSync(join(modules, file), 'utf8');
  return isNpm
    ? Object.keys((JSON.parse(text) as { packages: object }).packages).length
    : text.split('\n').filter((line) => line.startsWith('"')).length;
}
