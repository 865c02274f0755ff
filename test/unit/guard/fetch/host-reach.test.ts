/** A run stops asking a host that a request never reached, and asks every other. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchArchive, fetchTarball, HostReach } from '@tarwarden/guard';
import { describe, expect, it, onTestFinished } from 'vitest';

/** An address of this machine at which a server answers with a status. Without a status, no server listens. */
async function address(status?: number): Promise<{ url: string; asked: () => number }> {
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    response.writeHead(status ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  if (status === undefined) await close();
  else onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/a.tgz`, asked: () => count };
}

describe.each([
  ['fetchTarball', fetchTarball],
  [
    'fetchArchive',
    (request: Parameters<typeof fetchTarball>[0]) =>
      fetchArchive({ ...request, authorizationFor: () => undefined, bytesMax: 1000 }),
  ],
])('%s', (_, get) => {
  const settings = (reach: HostReach, retryMinTimeout = 1): object => {
    return { reach, retries: 1, retryFactor: 1, retryMinTimeout };
  };

  it('fails at once for a host that was not reached before', async () => {
    const reach = new HostReach();
    const { url } = await address();
    const request = { url, settings: settings(reach), timeLimit: 5000 };
    await expect(get(request)).rejects.toThrow('ECONNREFUSED');
    // With an hour before the second try, the test would end by its time limit.
    const patient = { ...request, settings: settings(reach, 3_600_000) };
    await expect(get(patient)).rejects.toThrow('ECONNREFUSED');
  });

  it('asks again where a server has answered, and other ports of the host', async () => {
    const reach = new HostReach();
    const gone = await address();
    await expect(
      get({ url: gone.url, settings: settings(reach), timeLimit: 5000 }),
    ).rejects.toThrow('ECONNREFUSED');
    const { url, asked } = await address(500);
    const request = { url, settings: settings(reach), timeLimit: 5000 };
    await expect(get(request)).rejects.toThrow('500');
    const before = asked();
    await expect(get(request)).rejects.toThrow('500');
    expect(asked()).toBe(2 * before);
  });
});
