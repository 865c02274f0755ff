/* The HTTP API of a gateway, and people who call it. */
import { request as send, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, expect } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import { openApprovals } from '../../../../packages/server/src/approvals/open.ts';
import type { ApprovalsOfGateway } from '../../../../packages/server/src/approvals/gateway-approvals.ts';
import type { Person } from '../../../../packages/server/src/approvals/service.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import {
  hostile,
  jsonOf,
  listening,
  startGateway,
  type Answered,
  type Testing,
} from '../gateway/support.ts';
import { expectDescribed } from './described-answers.ts';
import { boss, dev, person } from './support.ts';

const people: Readonly<Record<string, Person>> = {
  reader: person('reader', 'reader'),
  dev,
  boss,
  insider: person('insider', 'approver', ['@acme/*']),
};

export const policy: Policy = {
  ...DEFAULT_POLICY,
  today: new Date().toISOString().slice(0, 10),
};

export const BASE = '/-/tarwarden/api/v1';

/** A last day that an approval may have. */
export const until: string = new Date(Date.now() + 7 * 24 * 60 * 60_000).toISOString().slice(0, 10);

export interface Called {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface UsedApi {
  readonly registry: Registry;
  /** Of the server in front of the registry. */
  readonly address: string;
  readonly approvals: ApprovalsOfGateway;
  /** The gateway that is called. A test that replaces it puts it back. */
  testing: Testing;
  /** Calls an operation, and holds its answer against the description. */
  readonly call: (method: string, path: string, called?: Called) => Promise<Answered>;
  /** The id of the refusal of an archive. */
  readonly refusedId: (
    path?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<string>;
}

/** Before each test: a gateway with approvals, in front of a registry with two hostile packages, one of them private. */
export function useApi(): UsedApi {
  let folder: string;
  freshFolder((fresh) => (folder = fresh));
  let registry: Registry;
  /** In front of the registry: it knows one user. */
  let front: Server;
  let approvals: ApprovalsOfGateway;
  let testing: Testing;
  let address: string;
  beforeEach(async () => {
    registry = await startRegistry({ auth: { token: 'npm_user', scope: '@acme' } });
    registry.publish({ name: 'evil', tgz: hostile });
    const tool = attack('symlink').build({ name: '@acme/tool', version: '1.0.0' });
    registry.publish({ name: '@acme/tool', tgz: tool });
    approvals = await openApprovals({
      ledger: `${folder}/ledger`,
      policy,
      log: gatewayLog('silent'),
      people: {
        identify: async ({ headers: { authorization = '' } }) =>
          Promise.resolve(people[authorization.replace('Bearer ', '')]),
      },
    });
    const whoami: RequestListener = ({ url = '/', headers, method }, answer) => {
      if (url === '/-/whoami') {
        const isKnown = headers.authorization === 'Bearer npm_user';
        return void answer
          .writeHead(isKnown ? 200 : 401)
          .end(isKnown ? '{"username":"ann"}' : '{}');
      }
      const { authorization } = headers;
      const sent = send(registry.url + url, {
        method,
        headers: { ...(authorization && { authorization }) },
      });
      sent.end().on('response', (got) => {
        void (async () => {
          const parts: Buffer[] = [];
          for await (const part of got) parts.push(part as Buffer);
          const bytes = Buffer.concat(parts);
          const isJson = String(got.headers['content-type']).includes('json');
          const own = bytes.toString().replaceAll(registry.url, `http://${headers.host}`);
          answer.writeHead(got.statusCode!).end(isJson ? own : bytes);
        })();
      });
    };
    ({ server: front, address } = await listening(whoami));
    testing = await startGateway(address, { approvals, policy });
  });
  afterEach(async () => {
    await testing.close();
    await approvals.close();
    front.closeAllConnections();
    front.close();
    await registry.close();
  });

  async function call(
    method: string,
    path: string,
    { as, body, headers }: Called = {},
  ): Promise<Answered> {
    const answer = await testing.ask(BASE + path, {
      method,
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    expectDescribed(answer, method, path);
    return answer;
  }

  async function refusedId(path = '/evil/-/evil-1.0.0.tgz', headers = {}): Promise<string> {
    const answer = await testing.ask(path, { headers });
    const id = /refusals\/([a-z2-7]{26})$/.exec(String(jsonOf(answer)['error']))![1]!;
    await expect.poll(async () => approvals.service.refusal(id)).toBeDefined();
    return id;
  }

  return {
    get registry() {
      return registry;
    },
    get address() {
      return address;
    },
    get approvals() {
      return approvals;
    },
    get testing() {
      return testing;
    },
    set testing(other) {
      testing = other;
    },
    call,
    refusedId,
  };
}
