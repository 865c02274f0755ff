/* Messages to other services: signed, escaped, bounded, tried again, and without names of private packages. */
import { createHmac } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackText } from '../../../../packages/server/src/approvals/slack-text.ts';
import type {
  ApprovalRequest,
  Refusal,
} from '../../../../packages/server/src/approvals/service.ts';
import {
  Webhooks,
  type WebhookOptions,
} from '../../../../packages/server/src/approvals/webhooks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startProxy } from '../../../support/proxy.ts';
import { listening } from '../gateway/support.ts';

const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  id: 'a'.repeat(26),
  at: '2026-11-30T12:00:00.000Z',
  registry: 'https://npm.example.com',
  ecosystem: 'npm',
  identity: { format: 'npm', name: 'evil', version: '1.0.0' },
  label: 'evil@1.0.0',
  sha512: '0'.repeat(128),
  bytes: 1,
  isPrivate: false,
  findings: [],
  omitted: 0,
  text: '',
  ...more,
});
const request = (more: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  id: '7',
  refusal: refusal(),
  by: 'dev',
  at: '2026-11-30T12:00:00.000Z',
  reason: 'needed',
  state: 'open',
  exceptions: [],
  ...more,
});

interface Message {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

let folder: string;
freshFolder((fresh) => (folder = fresh));
let server: Server;
let address: string;
let messages: Message[];
let lost: string[];
let respond: (count: number) => { status: number; location?: string };
let hooks: Webhooks | undefined;
beforeEach(async () => {
  messages = [];
  lost = [];
  respond = () => ({ status: 200 });
  const listener: RequestListener = (sent, answer) => {
    void (async () => {
      let text = '';
      for await (const part of sent) text += String(part);
      messages.push({ headers: sent.headers, text });
      const { status, location } = respond(messages.length);
      answer.writeHead(status, location === undefined ? {} : { location }).end('ok');
    })();
  };
  ({ server, address } = await listening(listener));
});
afterEach(() => {
  hooks?.close();
  server.closeAllConnections();
  server.close();
});

function open(options: Partial<WebhookOptions> = {}): Webhooks {
  hooks = new Webhooks({
    hooks: [
      {
        url: `${address}/hook/secret-path`,
        events: ['requested', 'decided', 'refused'],
        ...options,
      },
    ],
    publicUrl: 'https://packages.example.com',
    onLost: (host, why) => lost.push(`${host} ${why}`),
    pauses: [1, 1],
  });
  return hooks;
}

const parsed = (index = 0): Record<string, unknown> =>
  JSON.parse(messages[index]!.text) as Record<string, unknown>;

describe('a message', () => {
  it('says in one line who asks for what, and where to decide', async () => {
    open().tell({ event: 'requested', request: request() });
    await expect.poll(() => messages.length).toBe(1);
    expect(parsed()).toMatchObject({
      event: 'requested',
      text: '`dev` asks for an exception for `evil@1.0.0` (request 7): `needed` https://packages.example.com/-/tarwarden/approvals/7',
      request: '7',
      package: 'evil@1.0.0',
    });
  });

  it('is signed with the secret', async () => {
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, 'a secret of many characters\n', { mode: 0o600 });
    open({ secretFile }).tell({ event: 'refused', refusal: refusal() });
    await expect.poll(() => messages.length).toBe(1);
    const { text, headers } = messages[0]!;
    const expected = createHmac('sha256', 'a secret of many characters').update(text).digest('hex');
    expect(headers['x-tarwarden-signature']).toBe(`sha256=${expected}`);
    chmodSync(secretFile, 0o644);
    expect(() => open({ secretFile })).toThrow(/secret of a webhook cannot be used/);
    writeFileSync(secretFile, 'short', { mode: 0o600 });
    chmodSync(secretFile, 0o600);
    expect(() => open({ secretFile })).toThrow(/fewer than 16 characters/);
  });

  it('names a private package only if the settings say so', async () => {
    const about = request({
      refusal: refusal({ isPrivate: true, label: '@acme/tool@1.0.0' }),
      reason: 'for acme',
    });
    const decided = {
      ...about,
      state: 'approved',
      decision: { by: 'boss', at: '', reason: 'acme' },
    } as const;
    open().tell({ event: 'requested', request: about });
    hooks!.tell({ event: 'decided', request: decided });
    hooks!.tell({ event: 'refused', refusal: about.refusal });
    await expect.poll(() => messages.length).toBe(3);
    for (const { text } of messages) expect(text).not.toMatch(/acme|dev|boss|aaaa|0000/);
    expect(parsed()['text']).toContain('request 7');
    hooks!.close();
    open({ private: true }).tell({ event: 'requested', request: about });
    await expect.poll(() => messages.length).toBe(4);
    expect(parsed(3)['package']).toBe('@acme/tool@1.0.0');
  });

  it('contains nothing that Slack takes for a link or a mention, and is cut', () => {
    const label = `<!channel>&<https://evil.example|fine>\u001b[31m${'x'.repeat(900)}`;
    const text = slackText(
      {
        event: 'requested',
        request: request({ refusal: refusal({ label }), reason: '<@U1>\nhi\u202e', by: 'a<b' }),
      },
      { isNamed: true, publicUrl: undefined },
    );
    expect(text).not.toMatch(/[<>\n\u001b\u202e]/);
    expect(text).toContain('&lt;!channel&gt;&amp;');
    expect(text.length).toBeLessThan(1_500);
  });

  it('shows names and reasons as code, in which no service finds a mention or a link', () => {
    const reason = '[`click`](https://evil.example) @all';
    const subject = {
      event: 'requested',
      request: request({ refusal: refusal({ label: '@all/x@1.0.0' }), reason, by: '@here' }),
    } as const;
    const text = slackText(subject, { isNamed: true, publicUrl: undefined });
    const [outside, inside] = [0, 1].map((rest) =>
      text.split('`').filter((_, at) => at % 2 === rest),
    );
    expect(outside!.join('|')).toBe('| asks for an exception for | (request 7): |');
    expect(inside).toEqual(['@here', '@all/x@1.0.0', "['click'](https://evil.example) @all"]);
  });

  it('is sent only for the events that a service wants', async () => {
    open({ events: ['decided'] }).tell({ event: 'requested', request: request() });
    const decision = { by: 'boss', at: '', reason: 'fine', until: '2026-12-24' };
    hooks!.tell({ event: 'decided', request: request({ state: 'approved', decision }) });
    await expect.poll(() => messages.length).toBe(1);
    expect(parsed()['text']).toMatch(
      /^`boss`: request 7 for `evil@1\.0\.0` is approved until 2026-12-24: `fine` /,
    );
  });
});

describe('a service', () => {
  it('that fails is tried again, and then the message is lost', async () => {
    respond = (count) => ({ status: count < 3 ? 503 : 200 });
    open().tell({ event: 'requested', request: request() });
    await expect.poll(() => messages.length).toBe(3);
    expect(lost).toEqual([]);
    respond = () => ({ status: 500 });
    hooks!.tell({ event: 'requested', request: request() });
    await expect.poll(() => lost).toEqual([`${new URL(address).host} it answers 500`]);
    expect(messages).toHaveLength(6);
  });

  it('that sends elsewhere is not followed', async () => {
    respond = () => ({ status: 307, location: `${address}/elsewhere` });
    open().tell({ event: 'requested', request: request() });
    await expect.poll(() => lost).toEqual([`${new URL(address).host} it answers 307`]);
    expect(messages).toHaveLength(1);
  });

  it('is asked through the proxy of the gateway', async () => {
    const proxy = await startProxy({ names: ['hooks.example.com'] });
    hooks = new Webhooks({
      hooks: [{ url: 'https://hooks.example.com/secret-path', events: ['requested'] }],
      publicUrl: undefined,
      onLost: () => {},
      outbound: { httpsProxy: proxy.url, noProxy: [], authorities: [] },
    });
    hooks.tell({ event: 'requested', request: request() });
    await expect
      .poll(() => proxy.log.map(({ method, target }) => `${method} ${target}`))
      .toEqual(['CONNECT hooks.example.com:443']);
    hooks.close();
    await proxy.close();
  });

  it('that does not answer keeps a bounded number of messages', async () => {
    server.removeAllListeners('request');
    open();
    for (let count = 0; count < 520; count += 1)
      hooks!.tell({ event: 'requested', request: request() });
    await expect.poll(() => lost.length).toBe(19);
    expect(lost[0]).toMatch(/too many messages wait/);
  });

  it.each([
    ['http://example.com/hook'],
    ['https://user:pass@example.com/'],
    ['file:///etc/passwd'],
    ['x'],
  ])('needs an https address: %s', (url) => {
    expect(() => open({ url })).toThrow(/must have an https address/);
  });
});
