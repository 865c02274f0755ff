import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { packument, type TrialPackage } from '@tarwarden/guard/trial-archives';

export interface LoopbackRegistry {
  /** The address without a slash at the end. */
  readonly url: string;
  close(): void;
}

/** An npm registry on the loopback address. It has these packages, and asks no other registry. */
export async function startRegistry(offered: readonly TrialPackage[]): Promise<LoopbackRegistry> {
  let url = '';
  const server = createServer((request, response) => {
    request.resume();
    const path = decodeURIComponent((request.url ?? '/').replace(/\?.*$/s, ''));
    const [, name = '', subpath] = /^\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const offeredPackage = offered.find((candidate) => candidate.name === name);
    const [status, type, body] = answer(offeredPackage, subpath);
    response.writeHead(status, { 'content-type': type, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });

  function answer(
    offeredPackage: TrialPackage | undefined,
    subpath: string | undefined,
  ): [number, string, Buffer] {
    if (offeredPackage === undefined)
      return [404, 'application/json', Buffer.from('{"error":"not found"}')];
    const file = `-/${offeredPackage.name}-${offeredPackage.version}.tgz`;
    if (subpath === file) return [200, 'application/octet-stream', offeredPackage.bytes];
    const document = packument(offeredPackage, `${url}/${offeredPackage.name}/${file}`) as {
      versions: Record<string, object>;
    };
    const content = subpath === undefined ? document : document.versions[offeredPackage.version];
    return [200, 'application/json', Buffer.from(JSON.stringify(content))];
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
