/* Types for npm's network layer, which comes without types. Only the parts that are used. */

declare module '@npmcli/agent' {
  import type { Agent as HttpAgent, AgentOptions } from 'node:http';

  /** An agent for http and https that uses one proxy, but not for the hosts of `noProxy`. */
  export const Agent: new (
    options: AgentOptions & {
      readonly ca?: string[];
      readonly proxy: string;
      readonly noProxy: readonly string[];
    },
  ) => HttpAgent;

  /** The agent for a URL, shared by all calls with equal options: proxy, authorities, client certificate, time limits. */
  export function getAgent(url: string, options: object): HttpAgent;
}

declare module 'minipass-fetch' {
  import type { Agent } from 'node:http';
  import type { Readable } from 'node:stream';

  export interface Response {
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    readonly body: Readable | null;
  }

  interface RequestOptions {
    readonly agent: (url: URL) => Agent;
    readonly compress: boolean;
    /** Milliseconds until the answer. */
    readonly timeout: number;
    readonly signal: AbortSignal;
    readonly headers: Readonly<Record<string, string>>;
    readonly redirect: 'manual';
  }

  export default function fetch(url: string, options: RequestOptions): Promise<Response>;
}

declare module 'npm-registry-fetch/lib/auth.js' {
  interface Auth {
    readonly token: string | null;
    readonly auth: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  }

  /** The credentials for the longest configured prefix of the URL. */
  export default function getAuth(url: string, options: object): Auth;
}
