/** OSV's API on the loopback address, with what a test lets it know. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OsvServer {
  readonly url: string;
  /** What was asked: `ecosystem/name`, or an id. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface OsvAnswers {
  /** Records by `ecosystem/name`. */
  readonly packages?: Readonly<Record<string, readonly unknown[]>>;
  /** Records by id. */
  readonly ids?: Readonly<Record<string, unknown>>;
  /** Answers whatever it likes; true where it did. */
  readonly otherwise?: (asked: string, response: ServerResponse) => boolean;
  /** Records on one page. */
  readonly pageSize?: number;
}

export async function serveOsv(answers: OsvAnswers = {}): Promise<OsvServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { answers, asked });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Query {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly page_token?: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { answers, asked }: { answers: OsvAnswers; asked: string[] },
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { packages = {}, ids = {}, otherwise, pageSize = 1000 } = answers;
  const id = /^\/v1\/vulns\/([^/]+)$/.exec(request.url ?? '')?.[1];
  const query = id === undefined ? (JSON.parse(String(Buffer.concat(pieces))) as Query) : undefined;
  const wanted = id ?? `${query?.package.ecosystem}/${query?.package.name}`;
  asked.push(wanted);
  if (otherwise?.(wanted, response) === true) return;
  if (query === undefined) {
    const record = ids[wanted];
    response.writeHead(record === undefined ? 404 : 200).end(JSON.stringify(record ?? {}));
    return;
  }
  const at = Number(query.page_token ?? 0);
  const all = packages[wanted] ?? [];
  const vulns = all.slice(at, at + pageSize);
  const more = at + pageSize < all.length ? { next_page_token: String(at + pageSize) } : {};
  response.end(JSON.stringify({ ...(vulns.length > 0 && { vulns }), ...more }));
}

/** A record as OSV has it, about tar below 9. */
export function published(id: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    schema_version: '1.7.3',
    id,
    modified: '2026-11-20T00:00:00Z',
    published: '2026-11-20T00:00:00Z',
    summary: `What ${id} does.`,
    details: 'In detail',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'tar', purl: 'pkg:npm/tar' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '9.0.0' }] }],
        database_specific: { source: 'https://example.com/record.json' },
      },
    ],
    references: [{ type: 'WEB', url: `https://example.com/${id}` }],
    database_specific: { severity: 'HIGH', cwe_ids: ['CWE-22'], nvd_published_at: null },
    ...more,
  };
}
