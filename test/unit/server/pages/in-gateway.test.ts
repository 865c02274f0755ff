/* The gateway answers its pages itself, and passes on everything else. */
import { expect, it } from 'vitest';
import type { OwnPages } from '../../../../packages/server/src/gateway/server.ts';
import { startRegistry } from '../../../support/registry.ts';
import { clean, startGateway } from '../gateway/support.ts';

it('a gateway shows the pages beside its own addresses and the packages of the registry', async () => {
  const registry = await startRegistry();
  registry.publish({ name: 'clean', tgz: clean });
  const asked: string[] = [];
  const pages: OwnPages = {
    async answer({ url = '' }, response) {
      asked.push(url);
      if (url !== '/-/tarwarden/sign-in') return false;
      response.end('the page');
      return true;
    },
  };
  const gateway = await startGateway(registry.url, { pages });
  try {
    expect((await gateway.ask('/-/tarwarden/sign-in')).body.toString()).toBe('the page');
    expect((await gateway.ask('/-/tarwarden/healthz')).body.toString()).toBe('ok\n');
    expect((await gateway.ask('/-/tarwarden/other')).status).toBe(404);
    expect((await gateway.ask('/clean')).status).toBe(200);
    expect(asked).toEqual(['/-/tarwarden/sign-in', '/-/tarwarden/other']);
  } finally {
    await gateway.close();
    await registry.close();
  }
});
