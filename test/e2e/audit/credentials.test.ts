/** Tokens go to the registries that the user has them for, whatever the repository's files say. */
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited } from './audited.ts';

const TOKEN = 'token-of-the-user';
const bytes = tgz({ name: '@own/a', version: '1.0.0' });

let own: Registry;
let foreign: Registry;
let sandbox: Sandbox;
beforeEach(async () => {
  own = await startRegistry({ auth: { token: TOKEN } });
  foreign = await startRegistry();
  sandbox = makeSandbox();
  // Elsewhere than on the public registry, so that nothing leaves this machine.
  sandbox.npmrc(`registry=${own.url}/`, 'fetch-retries=0');
  own.publish({ name: '@own/a', tgz: bytes });
  foreign.publish({ name: '@own/a', tgz: bytes });
});
afterEach(async () => {
  sandbox.dispose();
  await own.close();
  await foreign.close();
});

const place = (registry: Registry): string => `//127.0.0.1:${registry.port}/`;
const sent = (registry: Registry): (string | undefined)[] =>
  registry.log.map(({ headers }) => headers.authorization);

function lock(resolved?: string): void {
  const entry = {
    version: '1.0.0',
    ...(resolved !== undefined && { resolved }),
    integrity: sri(bytes),
  };
  sandbox.write({
    'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/@own/a': entry } },
  });
}

describe('a private registry', () => {
  it('gets the token of the user', async () => {
    lock();
    sandbox.npmrc(`${place(own)}:_authToken=${TOKEN}`);
    const { code, packages } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect(code).toBe(0);
    // For the archive, and for the document.
    expect(sent(own)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  it('gets a variable that the user has put into the own file', async () => {
    lock();
    sandbox.npmrc(`${place(own)}:_authToken=\${OWN_TOKEN}`);
    sandbox.env['OWN_TOKEN'] = TOKEN;
    expect((await audited(sandbox)).code).toBe(0);
  });

  it('gets a variable by the project, where the user has configured it', async () => {
    lock();
    sandbox.write({ '.npmrc': `${place(own)}:_authToken=\${OWN_TOKEN}\n` });
    sandbox.env['OWN_TOKEN'] = TOKEN;
    expect((await audited(sandbox)).code).toBe(0);
  });

  it('without a token leaves the package uninspected, and says so', async () => {
    lock();
    const { code, packages } = await audited(sandbox);
    expect(code).toBe(2);
    expect(packages[0]?.error).toMatchObject({
      code: 'NO_BYTES',
      message: expect.stringContaining('401'),
    });
  });

  it('is asked for a scope, and nobody else is', async () => {
    lock();
    sandbox.npmrc(
      `@own:registry=${own.url}/`,
      `${place(own)}:_authToken=${TOKEN}`,
      `registry=${foreign.url}/`,
    );
    expect((await audited(sandbox)).code).toBe(0);
    expect(foreign.log).toEqual([]);
  });
});

describe('a repository', () => {
  beforeEach(() => sandbox.npmrc(`${place(own)}:_authToken=${TOKEN}`));

  it('that names another host in its lockfile is reported, and that host gets no token', async () => {
    lock(`${foreign.url}/@own/a/-/a-1.0.0.tgz`);
    const { code, packages } = await audited(sandbox);
    expect(code).toBe(1);
    expect(packages[0]?.checks).toMatchObject([{ id: 'foreign-host', level: 'error' }]);
    expect(sent(foreign)).toEqual([undefined]);
    expect(own.log).toEqual([]);
  });

  it('that sets another registry gets no token, and is reported', async () => {
    lock();
    sandbox.write({ '.npmrc': `registry=${foreign.url}/\n` });
    const { stderr } = await audited(sandbox);
    expect(stderr).toContain(`the project's .npmrc sets the registry ${foreign.url}/`);
    expect(sent(foreign)).toEqual([undefined, undefined]);
    expect(own.log).toEqual([]);
  });

  it.each([
    ['a token', (url: string) => `registry=${url}/\n//${url.slice(7)}/:_authToken=\${SECRET}\n`],
    ['an address', (url: string) => `registry=${url}/\${SECRET}/\n`],
    ['a place', (url: string) => `registry=${url}/\n//${url.slice(7)}/\${SECRET}/:_authToken=x\n`],
  ])('gets no variable of the environment by %s', async (_, npmrc) => {
    lock();
    sandbox.write({ '.npmrc': npmrc(foreign.url) });
    sandbox.env['SECRET'] = 'very-secret';
    const { stderr } = await audited(sandbox);
    expect(stderr).toContain('has a variable, and does not count');
    expect(JSON.stringify(foreign.log)).not.toContain('very-secret');
  });

  it.each([
    [
      'npm',
      { 'package.json': { workspaces: ['sub'] } },
      (url: string) => ({
        '.npmrc': `registry=${url}/\n//${url.slice(7)}/:_authToken=\${SECRET}\n`,
      }),
    ],
    [
      'pnpm',
      {},
      (url: string) => ({ 'pnpm-workspace.yaml': `packages: [sub]\nregistry: ${url}/\n` }),
    ],
  ] as const)(
    'gets no variable because the repository around it, whose submodule it is, names the host for %s',
    async (client, files, settings) => {
      const token = `//${foreign.url.slice(7)}/:_authToken=\${SECRET}\n`;
      const integrity = sri(bytes);
      sandbox.write({ '.git/HEAD': '', ...files, ...settings(foreign.url) });
      const locks = {
        npm: {
          lockfileVersion: 3,
          packages: { 'node_modules/@own/a': { version: '1.0.0', integrity } },
        },
        pnpm: `lockfileVersion: '9.0'\npackages:\n  '@own/a@1.0.0': {resolution: {integrity: ${integrity}}}\n`,
      };
      const names = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml' };
      sandbox.write({
        'sub/.git': 'gitdir: ../.git/modules/sub\n',
        'sub/package.json': {},
        'sub/.npmrc': token,
        [`sub/${names[client]}`]: locks[client],
      });
      sandbox.env['SECRET'] = 'very-secret';
      await audited(sandbox, 'sub');
      expect(foreign.log.length).toBeGreaterThan(0);
      expect(JSON.stringify(foreign.log)).not.toContain('very-secret');
    },
  );

  it.each(['${', '${-', '${a:-'])('cannot keep the audit busy by many %j', async (part) => {
    lock();
    sandbox.write({ '.npmrc': `${place(foreign)}:_authToken=${part.repeat(500_000)}\n` });
    const { code, stderr } = await audited(sandbox);
    expect(stderr).toContain('has a variable, and does not count');
    expect(code).toBe(0);
  });

  it.each(['${', '-'])(
    'cannot keep the audit busy by one long variable of many %j',
    async (part) => {
      lock();
      sandbox.write({ '.npmrc': `${place(foreign)}:_authToken=\${${part.repeat(500_000)}}\n` });
      expect((await audited(sandbox)).code).toBe(0);
    },
  );

  it('cannot have the token of an encrypted registry sent in the clear', async () => {
    sandbox.npmrc('registry=https://127.0.0.1:1/', `${place(foreign)}:_authToken=${TOKEN}`);
    lock(`${foreign.url}/@own/a/-/a-1.0.0.tgz`);
    await audited(sandbox);
    expect(sent(foreign)).toEqual([undefined]);
  });

  it('cannot send downloads through a proxy of its own', async () => {
    lock();
    sandbox.write({
      '.npmrc': `proxy=${foreign.url}/\nhttps-proxy=${foreign.url}/\nstrict-ssl=false\n`,
    });
    expect((await audited(sandbox)).code).toBe(0);
    expect(foreign.log).toEqual([]);
  });

  it.each([
    ['a file of settings that npm was given', { npm_config_userconfig: 'evilrc' }],
    ['a registry', { npm_config_registry: '' }],
  ])('gains nothing by %s, which a manager hands on to what it runs', async (_, variables) => {
    lock();
    sandbox.write({
      evilrc: `registry=${foreign.url}/\n${place(foreign)}:_authToken=\${SECRET}\n`,
      '.npmrc': `registry=${foreign.url}/\n${place(foreign)}:_authToken=\${SECRET}\n`,
    });
    const given = Object.entries(variables).map(([name, value]) => [
      name,
      value === '' ? `${foreign.url}/` : `${sandbox.project}/${value}`,
    ]);
    Object.assign(sandbox.env, Object.fromEntries(given), {
      SECRET: TOKEN,
      npm_lifecycle_event: 'audit',
    });
    await audited(sandbox);
    expect(sent(foreign).filter((value) => value !== undefined)).toEqual([]);
  });

  it('cannot have a settings file elsewhere read, by a link', async () => {
    lock();
    symlinkSync('/etc/passwd', `${sandbox.project}/.npmrc`);
    const { code, stderr } = await audited(sandbox);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot read .*\.npmrc/);
  });
});
