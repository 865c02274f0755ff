/** Private modules that ask for a newer go than the installed one. The installed one is the real go, which says that it is older. */
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { execute } from '../../support/execute.ts';
import { closeGoBench, guarded, hasGo, makeGoBench, type Bench } from '../../support/go/bench.ts';
import { moduleFiles } from '../../support/go/module-zip.ts';
import { findProgram } from '../../support/programs.ts';

const MODULE = 'git.tarwarden.invalid/subject.git';
const MACHINES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const machine = `${process.platform}-${MACHINES[process.arch] ?? process.arch}`;
const REASON = 'requires go >= 1.23.2 (running go 1.22.0; GOTOOLCHAIN=local)';

describe.skipIf(!hasGo || process.platform === 'win32')('a module for a newer go', () => {
  let bench: Bench;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    bench = await makeGoBench();
    const { sandbox } = bench;
    const repository = sandbox.gitRepo('subject', moduleFiles(MODULE));
    const tag = ['-C', repository.dir, 'tag', 'v1.0.0'];
    const tagged = await execute('git', tag, { cwd: sandbox.root, env: bench.env });
    if (tagged.code !== 0) throw new Error(tagged.stderr);
    const old = join(sandbox.root, 'old-go');
    const refusal = JSON.stringify({ Path: MODULE, Error: `${MODULE}@v1.0.0 ${REASON}` });
    const lines = [
      '#!/bin/sh',
      `if [ "$1 $2 $3" = "mod download -json" ] && [ "$GOPROXY" = direct ]; then`,
      `  echo '${refusal}'; exit 1`,
      'fi',
      `exec ${findProgram('go')} "$@"`,
    ];
    writeFileSync(old, lines.join('\n'));
    chmodSync(old, 0o755);
    sandbox.command('go', old);
    env = {
      GOPRIVATE: 'git.tarwarden.invalid',
      GOTOOLCHAIN: 'auto',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
    };
    sandbox.write({
      'go.mod': `module example.org/project\n\ngo 1.21\n\nrequire ${MODULE} v1.0.0\n`,
    });
  });
  afterEach(() => closeGoBench(bench));

  const unpack = (version: string, program = findProgram('go')!): void => {
    const folder = `golang.org/toolchain@v0.0.1-go${version}.${machine}`;
    const file = join(bench.modcache, folder, 'bin/go');
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(program, file);
  };
  const download = () => guarded(bench, ['mod', 'download', `${MODULE}@v1.0.0`], { env });
  const zip = (): boolean =>
    existsSync(join(bench.modcache, 'cache/download', MODULE, '@v/v1.0.0.zip'));

  test('is zipped by the oldest toolchain of the module cache that is new enough', async () => {
    unpack('1.22.9', '/bin/false');
    unpack('1.23.1', '/bin/false');
    unpack('1.23.4');
    unpack('1.25.0', '/bin/false');
    expect(await download()).toMatchObject({ code: 0, stderr: '' });
    expect(zip()).toBe(true);
  });

  test('is not where none is: go says which one is needed', async () => {
    unpack('1.23.1');
    const { code, stderr } = await download();
    expect(code).toBe(1);
    expect(stderr).toContain(REASON);
    expect(zip()).toBe(false);
  });

  test('is not where go may not change to another one', async () => {
    unpack('1.23.4');
    for (const GOTOOLCHAIN of ['local', 'path']) {
      env = { ...env, GOTOOLCHAIN };
      // oxlint-disable-next-line no-await-in-loop
      const { code, stderr } = await download();
      expect(code).toBe(1);
      expect(stderr).toContain(REASON);
    }
  });
});
