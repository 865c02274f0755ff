// @module-tag chromium
/* From a refused install to an approved one: npm names the page, a browser opens it, and the same npm command then installs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PEOPLE } from '../../support/approval-pages.ts';
import { walkToApproval } from '../../support/approval-walk.ts';
import { startBrowser } from '../../support/browser.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { hostile } from '../../unit/server/gateway/support.ts';
import { makeUser, startGateway } from './support.ts';

test('npm refuses, a developer asks in a browser, an approver approves, and npm installs', async () => {
  const registry = await startRegistry();
  registry.publish({ name: 'evil', tgz: hostile });
  const server = makeSandbox({ registry: registry.url });
  const people = join(server.root, 'people.yaml');
  writeFileSync(people, PEOPLE);
  const ledger = join(server.root, 'ledger');
  const options = ['--approvals', ledger, '--people', people];
  const gateway = await startGateway(registry.url, server, options);
  const browser = await startBrowser();
  const user = makeUser({ url: gateway.url });
  try {
    const manifest = { dependencies: { evil: '1.0.0' } };
    const refused = await user.install('npm-12', manifest);
    expect(refused.code).toBe(1);
    const address = new RegExp(`${gateway.url}/-/tarwarden/refusals/([a-z2-7]{26})`);
    const id = address.exec(refused.stdout + refused.stderr)?.[1];
    expect(id).toBeDefined();
    await walkToApproval(browser, { served: gateway, id: id!, onStep: async () => {} });
    const installed = await user.install('npm-12', manifest);
    expect([installed.code, user.landed('evil')]).toEqual([0, true]);
  } finally {
    await browser.close();
    user.sandbox.dispose();
    await gateway.end('SIGTERM');
    await registry.close();
    server.dispose();
  }
});
