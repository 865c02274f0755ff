/** Private modules that ask for a newer go than the installed one: nothing that lies in the module cache is run for them. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { execute } from '../../support/execute.ts';
import { guarded, unguarded, useGoBench } from '../../support/go/bench.ts';
import { moduleFiles } from '../../support/go/module-zip.ts';

const MODULE = 'git.tarwarden.invalid/subject.git';
const NEWER = '1.99.0';
const MACHINES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const machine = `${process.platform}-${MACHINES[process.arch] ?? process.arch}`;

describe.skipIf(process.platform === 'win32')('a module for a newer go', { tags: ['go'] }, () => {
  const bench = useGoBench();
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    const { sandbox } = bench;
    const mod = { 'go.mod': `module ${MODULE}\n\ngo ${NEWER}\n` };
    const repository = sandbox.gitRepo('subject', { ...moduleFiles(MODULE), ...mod });
    const tag = ['-C', repository.dir, 'tag', 'v1.0.0'];
    const tagged = await execute('git', tag, { cwd: sandbox.root, env: bench.env });
    if (tagged.code !== 0) throw new Error(tagged.stderr);
    env = {
      GOPRIVATE: 'git.tarwarden.invalid',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
    };
    sandbox.write({
      'go.mod': `module example.org/project\n\ngo 1.21\n\nrequire ${MODULE} v1.0.0\n`,
    });
  });

  /** A program in the place of a newer go, as if it had been started before. */
  const plant = (): void => {
    const folder = `golang.org/toolchain@v0.0.1-go${NEWER}.${machine}`;
    const file = join(bench.modcache, folder, 'bin/go');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "$*" >> ${bench.sandbox.sentinel}/ran\nexit 1\n`);
    chmodSync(file, 0o755);
  };
  const installed = async (): Promise<string> =>
    (await unguarded(bench, ['env', 'GOVERSION'])).stdout.trim();

  test.each(['auto', 'a pin', 'local', 'path'])(
    'is not zipped by a program in the module cache, with GOTOOLCHAIN=%s',
    async (setting) => {
      plant();
      const GOTOOLCHAIN = setting === 'a pin' ? await installed() : setting;
      const { code, stderr } = await guarded(bench, ['mod', 'download'], {
        env: { ...env, GOTOOLCHAIN },
      });
      expect(code).toBe(1);
      expect(stderr).toContain(`requires go >= ${NEWER}`);
      expect(readdirSync(bench.sandbox.sentinel)).not.toContain('ran');
      expect(existsSync(join(bench.modcache, 'cache/download', MODULE, '@v/v1.0.0.zip'))).toBe(
        false,
      );
    },
  );
});
