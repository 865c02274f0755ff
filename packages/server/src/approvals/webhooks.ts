/* Tells other services about requests, decisions and refusals. No answer to a client waits for them. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { dropBody, isDocumentUrl, readPrivate } from '@tarwarden/host';
import { request as send, type Dispatcher } from 'undici';
import { DIRECT, dispatcherFor, type Outbound } from '../gateway/outbound.ts';
import { slackText, type WebhookSubject } from './slack-text.ts';

export const WEBHOOK_EVENTS = ['requested', 'decided', 'refused'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookOptions {
  /** `https:`, or `http:` of this machine. */
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** A file with the secret that signs each message. Only its owner may read it. */
  readonly secretFile?: string | undefined;
  /** Whether messages name private packages. */
  readonly private?: boolean | undefined;
}

export interface WebhooksOptions {
  readonly hooks: readonly WebhookOptions[];
  /** The gateway's address, for links; without it, messages have none. */
  readonly publicUrl: string | undefined;
  /** Called with the host of a service that got no message, and the reason. */
  readonly onLost: (host: string, why: string) => void;
  /** Default: direct connections. */
  readonly outbound?: Outbound | undefined;
  /** Milliseconds before each further try. */
  readonly pauses?: readonly number[];
}

/** The most messages that wait for one service. */
const WAITING_MAX = 500;
const PAUSES = [1_000, 10_000, 60_000, 300_000];
/** Milliseconds for an answer. */
const ANSWER_WITHIN = 10_000;

export class Webhooks {
  readonly #hooks: readonly Webhook[];
  readonly #publicUrl: string | undefined;
  readonly #dispatcher: Dispatcher;

  /** @throws Error for an address that is not https, and for a secret that others can read. */
  constructor({ hooks, publicUrl, onLost, outbound = DIRECT, pauses = PAUSES }: WebhooksOptions) {
    const dispatcher = dispatcherFor(outbound, { timeLimit: ANSWER_WITHIN });
    this.#dispatcher = dispatcher;
    this.#hooks = hooks.map((hook) => new Webhook(hook, { onLost, pauses, dispatcher }));
    this.#publicUrl = publicUrl;
  }

  tell(subject: WebhookSubject): void {
    for (const hook of this.#hooks) {
      if (!hook.options.events.includes(subject.event)) continue;
      hook.add(JSON.stringify(messageOf(subject, hook.options.private === true, this.#publicUrl)));
    }
  }

  close(): void {
    for (const hook of this.#hooks) hook.close();
    void this.#dispatcher.destroy();
  }
}

/** The parts of a message. A service that does not know them shows `text`. */
function messageOf(
  subject: WebhookSubject,
  namesPrivate: boolean,
  publicUrl: string | undefined,
): object {
  const refusal = subject.event === 'refused' ? subject.refusal : subject.request.refusal;
  const isNamed = namesPrivate || !refusal.isPrivate;
  const text = slackText(subject, { isNamed, publicUrl });
  const common = { event: subject.event, text, at: new Date().toISOString() };
  const named = {
    package: refusal.label,
    ecosystem: refusal.ecosystem,
    sha512: refusal.sha512,
    refusal: refusal.id,
  };
  if (subject.event === 'refused') return { ...common, ...(isNamed && named) };
  const { id, by, reason, state, decision } = subject.request;
  return {
    ...common,
    request: id,
    state,
    ...(isNamed && { ...named, by, reason, ...(decision && { decision }) }),
  };
}

class Webhook {
  readonly options: WebhookOptions;
  readonly #secret: string | undefined;
  readonly #onLost: WebhooksOptions['onLost'];
  readonly #pauses: readonly number[];
  readonly #dispatcher: Dispatcher;
  readonly #waiting: string[] = [];
  readonly #closed = new AbortController();
  #isSending = false;

  constructor(
    options: WebhookOptions,
    {
      onLost,
      pauses,
      dispatcher,
    }: Pick<WebhooksOptions, 'onLost'> & {
      readonly pauses: readonly number[];
      readonly dispatcher: Dispatcher;
    },
  ) {
    if (!isDocumentUrl(options.url))
      throw new Error('a webhook must have an https address without a user name');
    this.options = options;
    this.#secret = options.secretFile === undefined ? undefined : secretIn(options.secretFile);
    this.#onLost = onLost;
    this.#pauses = pauses;
    this.#dispatcher = dispatcher;
  }

  add(body: string): void {
    if (this.#waiting.length >= WAITING_MAX) return this.#lost('too many messages wait for it');
    this.#waiting.push(body);
    if (!this.#isSending) void this.#sendAll();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#closed.abort();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let body = this.#waiting.shift(); body !== undefined; body = this.#waiting.shift())
      await this.#send(body).catch((error: unknown) => {
        if (this.#closed.signal.aborted) return;
        this.#lost(error instanceof Error ? error.message : String(error));
      });
    this.#isSending = false;
  }

  async #send(body: string): Promise<void> {
    for (const pause of this.#pauses) {
      try {
        return await this.#try(body);
      } catch (error) {
        this.#closed.signal.throwIfAborted();
        if (error instanceof FinalError) throw error;
      }
      await wait(pause, undefined, { ref: false, signal: this.#closed.signal });
    }
    return this.#try(body);
  }

  /** Redirects are not followed: they count as failures. */
  async #try(body: string): Promise<void> {
    const secret = this.#secret;
    const signature =
      secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex');
    const answer = await send(this.options.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'tarwarden-server',
        ...(signature !== undefined && { 'x-tarwarden-signature': `sha256=${signature}` }),
      },
      body,
      dispatcher: this.#dispatcher,
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    });
    dropBody(answer.body);
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode < 300) return;
    const isFinal = statusCode < 500 && statusCode !== 429 && statusCode !== 408;
    const message = `it answers ${statusCode}`;
    throw isFinal ? new FinalError(message) : new Error(message);
  }

  #lost(why: string): void {
    // The path of such an address is often a secret.
    this.#onLost(new URL(this.options.url).host, why);
  }
}

/** Another try would get the same answer. */
class FinalError extends Error {}

function secretIn(path: string): string {
  const refuse = (why: string): Error =>
    new Error(`the secret of a webhook cannot be used: ${why}`);
  const secret = readPrivate(path, refuse, (fd) => readFileSync(fd, 'utf8')).trim();
  if (secret.length < 16) throw refuse('it has fewer than 16 characters');
  return secret;
}
