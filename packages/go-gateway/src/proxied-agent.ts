/* By itself: it is loaded where there is a forward proxy. Imported dynamically the package has no names once it is bundled. */
import type { Agent as HttpAgent, AgentOptions } from 'node:http';
import { Agent } from '@npmcli/agent';

/** An agent for http and https, all of whose connections go through one forward proxy. */
export function proxiedAgent(proxy: URL, options: AgentOptions & { ca?: string[] }): HttpAgent {
  // An empty list: NO_PROXY has been read, and the package's own reading of it is not go's.
  return new Agent({ ...options, proxy: proxy.href, noProxy: [] });
}
