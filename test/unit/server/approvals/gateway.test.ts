/* A gateway with approvals: what refusals say, and when an approval counts. */
import { describe, expect, it } from 'vitest';
import { attack } from '../../../support/attacks.ts';
import { hostile, jsonOf, startGateway } from '../gateway/support.ts';
import {
  approve,
  EVIL,
  refusedId,
  TOKEN,
  TOOL,
  useApprovingGateways,
} from './approving-gateway.ts';
import { boss } from './support.ts';

const gateways = useApprovingGateways();
const { start } = gateways;

describe('a refusal', () => {
  it('names the page in the reason phrase, the body and the notice', async () => {
    const server = await start();
    const answer = await server.testing.ask(EVIL);
    const { port } = new URL(server.testing.url);
    const page = `http://localhost:${port}/-/tarwarden/refusals/`;
    expect(answer.phrase).toMatch(
      new RegExp(`^tarwarden: evil@1.0.0 is refused: .* ${page}[a-z2-7]{26}$`),
    );
    expect(answer.phrase.length).toBeLessThanOrEqual(200);
    expect(String(jsonOf(answer)['error'])).toMatch(new RegExp(` ${page}[a-z2-7]{26}$`));
    expect(answer.headers['npm-notice']).toMatch(new RegExp(` ${page}[a-z2-7]{26}$`));
    expect(await refusedId(server)).toBe(await refusedId(server));
  });

  it('keeps a long address whole, and cuts the reason', async () => {
    const publicUrl = `https://${'packages.'.repeat(15)}example.com`;
    const server = await start({ publicUrl });
    const { phrase } = await server.testing.ask(EVIL);
    expect(phrase).toMatch(/^tarwarden: evil@1\.0\.0 is refused: .*\.\.\. https:\/\//);
    expect(phrase).toMatch(/example\.com\/-\/tarwarden\/refusals\/[a-z2-7]{26}$/);
  });

  it('of a publication names the page too', async () => {
    const server = await start();
    const data = attack('symlink').build({ name: 'mine', version: '1.0.0' }).toString('base64');
    const body = JSON.stringify({
      name: 'mine',
      versions: { '1.0.0': { name: 'mine', version: '1.0.0', dist: {} } },
      _attachments: { 'mine-1.0.0.tgz': { data } },
    });
    const answer = await server.testing.ask('/mine', {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(403);
    expect(String(jsonOf(answer)['error'])).toMatch(
      / http\S+\/-\/tarwarden\/refusals\/[a-z2-7]{26}$/,
    );
  });

  it('is of a private package unless the registry shows the document without credentials', async () => {
    const server = await start();
    const { service } = server.approvals;
    const [evilId, toolId] = [
      await refusedId(server, EVIL, TOKEN),
      await refusedId(server, TOOL, TOKEN),
    ];
    await expect.poll(async () => (await service.refusal(evilId))?.isPrivate).toBe(false);
    await expect.poll(async () => (await service.refusal(toolId))?.isPrivate).toBe(true);
    await expect
      .poll(
        () =>
          gateways.registry.log.filter(
            ({ path, status }) => path.includes('acme') && status === 401,
          ).length,
      )
      .toBe(1);
    expect((await service.refusal(toolId))?.isPrivate).toBe(true);
  });
});

describe('an approval', () => {
  it('lets the archive pass on every server, and leaves the verdicts of others', async () => {
    const [own, other] = [await start(), await start()];
    for (const { testing } of [own, other])
      expect((await testing.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
    const id = await refusedId(own);
    expect(await refusedId(other)).toBe(id);
    const request = await approve(own, id);
    expect((await own.testing.ask(EVIL)).body.equals(hostile)).toBe(true);
    await expect.poll(async () => (await other.testing.ask(EVIL)).status).toBe(200);
    expect(
      own.testing.log.some(({ msg }) =>
        /exception used: evil@1\.0\.0: .* approved by boss; reason: needed \(asked by dev/.test(
          String(msg),
        ),
      ),
    ).toBe(true);
    const { count } = own.testing.inspected;
    expect((await own.testing.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
    expect(own.testing.inspected.count).toBe(count);
    await own.approvals.service.revoke(request, { by: boss, reason: 'no more' });
    expect((await own.testing.ask(EVIL)).status).toBe(403);
    await expect.poll(async () => (await other.testing.ask(EVIL)).status).toBe(403);
  });

  it('ends at midnight UTC', async () => {
    const server = await start();
    await approve(server, await refusedId(server), '2026-12-01');
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    gateways.clock = Date.parse('2026-12-01T23:59:59.999Z');
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    gateways.clock += 1;
    expect((await server.testing.ask(EVIL)).status).toBe(403);
  });

  it('shows the version in documents again that leave out refused ones', async () => {
    const server = await start({ hideRefused: true });
    const id = await refusedId(server);
    const versions = async (): Promise<string[]> =>
      Object.keys(jsonOf(await server.testing.ask('/evil'))['versions'] as object);
    expect(await versions()).toEqual([]);
    await approve(server, id);
    expect(await versions()).toEqual(['1.0.0']);
  });

  it('is not for other bytes of the same version', async () => {
    const server = await start();
    await approve(server, await refusedId(server));
    gateways.registry.publish({
      name: 'evil',
      tgz: attack('hardlink').build({ name: 'evil', version: '1.0.0' }),
    });
    await server.testing.ask('/evil');
    expect((await server.testing.ask(EVIL)).status).toBe(403);
  });
});

it('a gateway without approvals has none of these addresses, and refuses as before', async () => {
  const testing = await startGateway(gateways.registry.url);
  const answer = await testing.ask(EVIL);
  expect(answer.phrase).not.toContain('http');
  for (const path of ['api/v1/requests', 'api/v1/openapi.json', 'approvals.signed'])
    expect((await testing.ask(`/-/tarwarden/${path}`)).status).toBe(404);
  await testing.close();
});
