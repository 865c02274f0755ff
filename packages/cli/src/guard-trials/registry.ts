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
    const [, name = '', rest] = /^\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const found = offered.find((candidate) => candidate.name === name);
    const [status, type, body] = answer(found, rest);
    response.writeHead(status, { 'content-type': type, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });

  function answer(
    found: TrialPackage | undefined,
    rest: string | undefined,
  ): [number, string, Buffer] {
    if (found === undefined) return [404, 'application/json', Buffer.from('{"error":"not found"}')];
    const file = `-/${found.name}-${found.version}.tgz`;
    if (rest === file) return [200, 'application/octet-stream', found.bytes];
    const document = packument(found, `${url}/${found.name}/${file}`) as {
      versions: Record<string, object>;
    };
    const asked = rest === undefined ? document : document.versions[found.version];
    return [200, 'application/json', Buffer.from(JSON.stringify(asked))];
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
