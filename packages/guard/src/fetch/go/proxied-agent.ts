/* Loaded only when there is a forward proxy. A bundled CommonJS package that is imported dynamically has no named exports, so this file imports it. */
import type { Agent as HttpAgent, AgentOptions } from 'node:http';
import { Agent } from '@npmcli/agent';

/** An agent for http and https that makes all connections through one forward proxy. */
export function proxiedAgent(proxy: URL, options: AgentOptions & { ca?: string[] }): HttpAgent {
  // The caller has read NO_PROXY as go does. The package would read it differently, so it gets an empty list.
  return new Agent({ ...options, proxy: proxy.href, noProxy: [] });
}
