/* Approvals of gems, wheels and modules: refused, asked for with the reader's own right to see them, approved, sent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Ecosystem } from '@tarwarden/core';
import { openApprovals } from '../../../../packages/server/src/approvals/open.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import { makeGem } from '../../../support/gem/gems.ts';
import { goEntry, moduleZip } from '../../../support/go/module-zip.ts';
import { startGoProxy } from '../../../support/go/proxy.ts';
import { startIndex } from '../../../support/pip/index.ts';
import { wheelOf } from '../../../support/pip/packages.ts';
import { listening, startGateway } from '../gateway/support.ts';
import { boss, dev } from './support.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Source {
  readonly upstream: string;
  readonly path: string;
  readonly label: string;
}

const gem = makeGem({ name: 'evil', hostile: true });
const wheel = wheelOf({ name: 'evil', hostile: true });
const zip = moduleZip({
  module: 'example.org/evil@v1.0.0',
  entries: [goEntry('example.org/evil@v1.0.0/link', '../../out', { madeBy: 3, mode: 0o120777 })],
});

const sources: Readonly<Record<Exclude<Ecosystem, 'npm'>, () => Promise<Source>>> = {
  async rubygems() {
    const { server, address } = await listening(({ url, headers }, answer) => {
      const isGem = url === `/gems/${gem.fileName}`;
      // A private gem: its list of versions needs credentials.
      const isInfo = url === '/info/evil' && headers.authorization !== undefined;
      answer.writeHead(isGem || isInfo ? 200 : 404).end(isGem ? gem.bytes : '---\n');
    });
    closing.push(() => void server.close());
    return { upstream: address, path: `/gems/${gem.fileName}`, label: 'evil@1.0.0' };
  },
  async pypi() {
    const index = await startIndex({ dists: [wheel] });
    closing.push(() => index.close());
    const upstream = `http://${new URL(index.url).host}/simple/`;
    return { upstream, path: `/files/evil/${wheel.fileName}`, label: 'evil@1.0' };
  },
  async go() {
    const proxy = await startGoProxy({});
    proxy.publish({ module: 'example.org/evil@v1.0.0', zip });
    closing.push(() => proxy.close());
    return {
      upstream: proxy.url,
      path: '/example.org/evil/@v/v1.0.0.zip',
      label: 'example.org/evil@v1.0.0',
    };
  },
};

describe.each(['rubygems', 'pypi', 'go'] as const)('%s', (ecosystem) => {
  it.each([
    ['without credentials', {}],
    ['with credentials', { authorization: 'Basic dXNlcjpzZWNyZXQ=' }],
  ])('is refused and approved %s', async (_, headers) => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-approvals-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const { upstream, path, label } = await sources[ecosystem]();
    const policy = { ...DEFAULT_POLICY, today: new Date().toISOString().slice(0, 10) };
    const approvals = await openApprovals({
      ledger: join(folder, 'ledger'),
      policy,
      log: gatewayLog('silent'),
    });
    closing.push(() => approvals.close());
    const testing = await startGateway(upstream, { ecosystem, approvals, policy });
    closing.push(() => testing.close());
    const refused = await testing.ask(path, { headers });
    expect(refused.status).toBe(403);
    const id = /refusals\/([a-z2-7]{26})\n?$/.exec(refused.phrase)![1]!;
    const { service } = approvals;
    await expect.poll(async () => service.refusal(id)).toMatchObject({ label, ecosystem });
    const isHidden = ecosystem === 'rubygems' && 'authorization' in headers;
    await expect.poll(async () => (await service.refusal(id))?.isPrivate).toBe(isHidden);
    const all = { private: ['*'] };
    const { id: number } = await service.ask(id, { by: { ...dev, ...all }, reason: 'needed' });
    const by = { ...boss, ...all };
    await service.approve(number, { by, reason: 'fine', until: policy.today });
    expect((await testing.ask(path, { headers })).status).toBe(200);
  });
});
