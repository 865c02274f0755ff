/* The pages about refusals, on a server of their own with approvals in memory, and people for each role. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownPeople, type PeopleOptions } from '../../packages/server/src/people/people.ts';
import { gatewayLog } from '../../packages/server/src/gateway/log.ts';
import type { PagesOptions } from '../../packages/server/src/pages/options.ts';
import { ApprovalPages } from '../../packages/server/src/pages/pages.ts';
import { InMemoryApprovals } from './approvals-in-memory.ts';

/** The tokens of people by their names. */
export const TOKENS = {
  ada: 'token-of-ada-the-approver',
  rita: 'token-of-rita-the-requester',
  rob: 'token-of-rob-the-reader',
  anna: 'token-of-anna-who-may-see-acme',
} as const;

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');

export const PEOPLE = `
- { name: ada, role: approver, sha256: ${digest(TOKENS.ada)} }
- { name: rita, role: requester, sha256: ${digest(TOKENS.rita)} }
- { name: rob, role: reader, sha256: ${digest(TOKENS.rob)} }
- { name: anna, role: approver, sha256: ${digest(TOKENS.anna)}, private: ['@acme/*'] }
`;

export interface ServedPages {
  readonly server: Server;
  readonly url: string;
  readonly service: InMemoryApprovals;
  /** What was logged, parsed. */
  readonly log: Record<string, unknown>[];
  close(): Promise<void>;
}

export interface ServedPagesOptions {
  readonly people?: Partial<PeopleOptions>;
  readonly pages?: Partial<PagesOptions>;
  /** The file of people. Default: {@link PEOPLE}. */
  readonly file?: string;
  /** Default: the address at which the server listens. */
  readonly publicUrl?: string;
}

export async function servePages(options: ServedPagesOptions = {}): Promise<ServedPages> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-pages-test-'));
  const tokens = join(folder, 'people.yaml');
  writeFileSync(tokens, options.file ?? PEOPLE);
  const { now } = options.pages ?? {};
  const service = new InMemoryApprovals(now === undefined ? {} : { now });
  const log: Record<string, unknown>[] = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as Record<string, unknown>);
  const { publicUrl } = options;
  const isSecure = publicUrl?.startsWith('https:') === true;
  const pages = new ApprovalPages({
    service,
    people: new KnownPeople({ tokens, isSecure, onWarning: () => {}, ...options.people }),
    publicUrlFor: ({ headers: { host } }) => publicUrl ?? `http://${host}`,
    longestDays: 90,
    log: gatewayLog('debug', { write }),
    ...options.pages,
  });
  const server = createServer((request, response) => {
    void pages.answer(request, response).then((isAnswered) => {
      if (!isAnswered) response.writeHead(404).end('the registry');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    service,
    log,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
